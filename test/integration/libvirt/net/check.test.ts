import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeLabRunner, tinyLab, whyNoLabs, type LabRunner } from "../../../fixtures/lab-runner.ts";

const full = process.env["TERRARIUM_TEST_FULL"] === "1";
const lab = (name: string) => ({
  lab: name,
  provider: "terrarium",
  reachable: [{ from: "web", to: "db", port: 22 }],
  unreachable: [{ from: "web", to: "db", port: 81 }],
  networks: { front: {}, back: { mode: "isolated" }, dmz: { mode: "routed" } },
  sandboxes: {
    web: { networks: ["front", "back"] },
    db: { networks: ["back"] },
    alone: {},
    ...(full && { edge: { networks: ["dmz"] }, api: { count: 4, networks: ["front"] } }),
  },
});

interface Result {
  readonly sandbox: string;
  readonly kind: string;
  readonly what: string;
  readonly outcome: string;
}

const why = await whyNoLabs("terrarium");
let labs: LabRunner;

beforeAll(async () => {
  if (why !== undefined) return;
  labs = await makeLabRunner();
  await labs.write(await tinyLab(lab("one")));
});

afterAll(async () => {
  await labs?.dispose();
});

async function check(cwd?: string): Promise<{ exitCode: number | undefined; results: readonly Result[]; took: number }> {
  const { exitCode, stdout, stderr } = await labs.run(["net", "check", "--json", "--junit", "net.xml"], cwd === undefined ? {} : { cwd });
  if (stdout === "") throw new Error(stderr);
  return { exitCode, ...(JSON.parse(stdout) as { results: readonly Result[]; took: number }) };
}

test.skipIf(why)("apply --check: packets go where the lab says, and nowhere else", async () => {
  const { exitCode, stdout, stderr } = await labs.run(["apply", "--yes", "--check"]);
  expect([exitCode, stdout, exitCode === 0 ? "" : stderr]).toEqual([0, expect.stringMatching(/\d+ passed in/), ""]);
});

test.skipIf(why)("lists, shows and leases are as planned", async () => {
  const [list, show, leases] = await Promise.all([
    labs.run(["net", "list"]),
    labs.run(["net", "show", "back"]),
    labs.run(["net", "leases", "--json"]),
  ]);
  expect(list.stdout).toMatch(/^back +running +isolated +10\./m);
  expect(show.stdout).toMatch(/^web +back +02:/m);
  const { leases: all } = JSON.parse(leases.stdout) as { leases: { sandbox: string; planned: boolean }[] };
  expect(new Set(all.map(({ sandbox }) => sandbox))).toEqual(
    new Set(["alone", ...(full ? ["api-1", "api-2", "api-3", "api-4"] : []), "db", ...(full ? ["edge"] : []), "web"]),
  );
  expect(all.every(({ planned }) => planned)).toBe(true);
});

test.skipIf(why)("a cut wire is found from both ends, and told in JUnit's form", async () => {
  const { networks } = JSON.parse((await labs.run(["net", "show", "back", "--json"])).stdout) as {
    networks: { nics: { sandbox: string; mac: string }[] }[];
  };
  const mac = networks[0]?.nics.find(({ sandbox }) => sandbox === "web")?.mac ?? "";
  await labs.virsh("domif-setlink", "one-web", mac, "down");
  const { exitCode, results } = await check();
  const failed = results.filter(({ outcome }) => outcome === "failed").map(({ sandbox, kind }) => `${sandbox} ${kind}`);
  expect([exitCode, failed.toSorted()]).toEqual([1, ["db ping", "db tcp", "web gateway", "web name", "web ping", "web tcp", "web tcp"]]);
  expect(await readFile(join(labs.directory, "net.xml"), "utf8")).toContain('failures="7"');
  await labs.virsh("domif-setlink", "one-web", mac, "up");
});

test.skipIf(why !== undefined || !full)(
  "after a reboot it is whole again; a second lab beside it has other addresses, and neither reaches the other",
  async () => {
    await labs.run(["wait"]);
    expect((await check()).exitCode).toBe(0);
    const beside = labs.folder("beside");
    await labs.write(await tinyLab(lab("two")), beside);
    expect(await labs.run(["apply", "--yes", "--check"], { cwd: beside })).toMatchObject({ exitCode: 0 });
    const { stdout: theirs } = await labs.run(["ip", "web"], { cwd: beside });
    const line = `sudo ping -c 1 -W 2 ${theirs.trim()} >/dev/null 2>&1 && echo reached || echo apart`;
    expect((await labs.run(["exec", "web", "--", "sh", "-c", line])).stdout.trim()).toBe("apart");
  },
);
