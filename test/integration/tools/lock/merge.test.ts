import { execa } from "execa";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { runTerrarium, temporaryFolder } from "../../../cli/run-terrarium.ts";

const lab = (names: readonly string[]): string =>
  [
    "lab: team",
    "images: { base: { bootstrap: { suite: bookworm } } }",
    "defaults: { image: base }",
    "networks: { front: { cidr: 10.20.0.0/28, reserve: 8 } }",
    "sandboxes:",
    ...names.map((name) => `  ${name}: { networks: [front] }`),
    "",
  ].join("\n");

interface Locked {
  readonly labs: {
    readonly team: { readonly sandboxes: Readonly<Record<string, { readonly addresses: { readonly front: readonly string[] } }>> };
  };
}

test("a real merge of two branches that both added sandboxes is healed: both sides stay, and only what collides moves", async () => {
  const folder = await temporaryFolder();
  const git = async (...args: readonly string[]): Promise<number | undefined> => {
    const identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"];
    return (await execa("git", [...identity, ...args], { cwd: folder, reject: false })).exitCode;
  };
  const commit = async (names: readonly string[], message: string): Promise<void> => {
    await writeFile(join(folder, "lab.yaml"), lab(names));
    expect(await runTerrarium(folder, ["lock"])).toMatchObject({ exitCode: 0 });
    await git("add", "lab.yaml", "terrarium.lock.yaml");
    expect(await git("commit", "-qm", message)).toBe(0);
  };
  const addresses = async (): Promise<Record<string, string>> => {
    const { labs } = parse(await readFile(join(folder, "terrarium.lock.yaml"), "utf8")) as Locked;
    return Object.fromEntries(
      Object.entries(labs.team.sandboxes).map(
        ([
          name,
          {
            addresses: { front },
          },
        ]) => [name, front[0] ?? ""],
      ),
    );
  };
  await git("init", "-q");
  await commit(["web"], "one");
  await git("checkout", "-qb", "theirs");
  await commit(["web", "y1", "y2", "y3"], "theirs");
  const theirs = await addresses();
  await git("checkout", "-q", "main");
  await commit(["web", "x1", "x2", "x3"], "ours");
  const ours = await addresses();
  // The lab and the lock both conflict; the lab is merged by hand.
  expect(await git("merge", "-q", "theirs")).toBe(1);
  await writeFile(join(folder, "lab.yaml"), lab(["web", "x1", "x2", "x3", "y1", "y2", "y3"]));

  const refused = await runTerrarium(folder, ["validate"]);
  expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("LOCK_CONFLICT") as string });
  const healed = await runTerrarium(folder, ["lock"]);
  expect(healed).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("with the entries of both sides of its merge conflict") as string,
  });
  const merged = await addresses();
  expect(merged).toMatchObject(ours);
  expect(new Set(Object.values(merged)).size).toBe(7);
  const taken = new Set(Object.values(ours));
  for (const [name, address] of Object.entries(theirs)) if (!taken.has(address)) expect(merged[name]).toBe(address);
  expect(await runTerrarium(folder, ["validate", "--locked"])).toMatchObject({ exitCode: 0 });

  const explained = await runTerrarium(folder, ["lock", "--explain"]);
  expect(explained.stdout).toMatch(/sandbox y1 in front +10\.20\.0\.\d+ +from the lock: nobody moves/);
});
