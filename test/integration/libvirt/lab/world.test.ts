import { execa } from "execa";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hostPaths } from "../../../../lib/host/host-directory.ts";
import { makeLabRunner, nothingLeft, tinyLab, whyNoLabs, type LabRunner } from "../../../fixtures/lab-runner.ts";

const why = await whyNoLabs("terrarium");
let labs: LabRunner;
/** Nobody boots: every apply here is refused, and the others are plans. */
const lab = {
  lab: "mine",
  provider: "terrarium",
  networks: { front: { cidr: "10.20.0.0/24" } },
  sandboxes: { web: { networks: ["front"], ready: "none" } },
};

beforeAll(async () => {
  if (why !== undefined) return;
  labs = await makeLabRunner();
  await labs.write(await tinyLab(lab));
  // Kept up: what is in the way must be there before the lab.
  const { exitCode, stderr } = await labs.run(["host", "up", "local"]);
  if (exitCode !== 0) throw new Error(stderr);
});

afterAll(async () => {
  if (why !== undefined) return;
  await labs.run(["host", "down", "local", "--force"]);
  await labs.dispose();
});

const inside = async (...words: readonly string[]): Promise<void> => {
  const { netns } = hostPaths("local", labs.hostDirectory);
  await execa("nsenter", [`--net=/run/netns/${netns}`, "--", ...words]);
};

test.skipIf(why)("a host with nothing in the way has nothing to say", async () => {
  const { exitCode, stdout, stderr } = await labs.run(["plan", "--json"]);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(stdout)).not.toHaveProperty("diagnostics");
  const doctor = await labs.run(["doctor"]);
  const lines = doctor.stdout.replace(/\s+/g, " ");
  expect({ exitCode: doctor.exitCode, lines }).toEqual({
    exitCode: 0,
    lines: expect.stringContaining('nothing is in the way of lab "mine"') as string,
  });
  for (const part of [
    "engine Terraform",
    "local: versions QEMU",
    "local: leftovers none",
    "local: memory the lab's sandboxes take 0.1 GiB",
  ])
    expect(lines).toContain(part);
});

test.skipIf(why)("a stranger's libvirt network with the same addresses stops an apply before anything is made", async () => {
  const file = join(labs.directory, "network.xml");
  await writeFile(
    file,
    "<network><name>office</name><forward mode='nat'/><bridge name='virbr7'/><ip address='10.20.0.1' netmask='255.255.255.0'/></network>",
  );
  await labs.virsh("net-define", file);
  await labs.virsh("net-start", "office");
  const { exitCode, stderr } = await labs.run(["apply", "--yes"]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining("ADDRESSES_TAKEN") as string });
  expect(stderr.replace(/\s+/g, " ")).toContain(
    `overlaps what host "local" has: libvirt's network "office" has 10.20.0.0/24; the next free block is 10.`,
  );
  expect(stderr).toContain("lab.yaml:");
  expect(await labs.count()).toMatchObject({ domains: [], networks: ["office.xml"], pools: [], poolFiles: [] });
  const doctor = await labs.run(["doctor", "--json"]);
  expect(doctor.exitCode).toBe(1);
  const { worst, health } = JSON.parse(doctor.stdout) as { readonly worst: string; readonly health: readonly Record<string, unknown>[] };
  expect(worst).toBe("error");
  expect(health.filter(({ verdict }) => verdict === "error")).toMatchObject([{ check: "network", host: "local", code: "ADDRESSES_TAKEN" }]);
  // On this machine only the network moves out of the way; the lock has what everybody has.
  expect(await labs.run(["plan", "--relocate", "--json"])).toMatchObject({ exitCode: 0 });
  expect(await labs.run(["plan"])).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("RELOCATED") as string });
  expect(await readFile(join(labs.directory, "terrarium.lock.yaml"), "utf8")).toContain("cidr: 10.20.0.0/24");
  await rm(join(labs.directory, ".terrarium/mine/overlay.json"));
  await labs.virsh("net-destroy", "office");
  await labs.virsh("net-undefine", "office");
});

test.skipIf(why)("so do a route and a bridge of that name; a filter that drops is told, and the plan made all the same", async () => {
  const { stdout } = await labs.run(["synth", "--print-lab", "--json"]);
  const { networks } = JSON.parse(stdout) as { readonly networks: Readonly<Record<string, { readonly bridge: string }>> };
  const bridge = networks["local/front"]?.bridge ?? "";
  await inside("ip", "link", "add", bridge, "type", "bridge");
  await inside("ip", "link", "set", bridge, "up");
  await inside("ip", "route", "add", "10.20.0.64/26", "dev", bridge);
  await inside("nft", "add", "table", "inet", "strict");
  await inside("nft", "add", "chain", "inet", "strict", "forward", "{ type filter hook forward priority 0; policy drop; }");
  const refused = await labs.run(["apply", "--yes", "--json"]);
  const codes = (text: string): string[] =>
    (JSON.parse(text) as { readonly diagnostics: readonly { readonly code: string }[] }).diagnostics.map(({ code }) => code);
  expect(refused.exitCode).toBe(1);
  expect(codes(refused.stdout).toSorted()).toEqual(["ADDRESSES_TAKEN", "BRIDGE_NAME_TAKEN", "FIREWALL_DROPS"]);
  expect(await labs.count()).toMatchObject({ domains: [], networks: [], pools: [], poolFiles: [] });
  await inside("ip", "link", "delete", bridge);
  const planned = await labs.run(["plan", "--json"]);
  expect({ exitCode: planned.exitCode, codes: codes(planned.stdout) }).toEqual({ exitCode: 0, codes: ["FIREWALL_DROPS"] });
});

test.skipIf(why)("nothing is left", async () => {
  expect(await labs.run(["host", "down", "local"])).toMatchObject({ exitCode: 0 });
  expect(await labs.count()).toEqual(nothingLeft);
});
