import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { chooseOverlay } from "../../lib/deploy/relocate.ts";
import { normalizeLab } from "../../lib/lab/normalize-lab.ts";
import type { Overlay } from "../../lib/lab/overlay/overlay.ts";
import { checkWorld } from "../../lib/world/check-world.ts";
import { runTerrarium, smallLab, temporaryFolder } from "../cli/run-terrarium.ts";
import { worldWith } from "../world/value.ts";

const written = {
  lab: "shop",
  images: { base: { bootstrap: { suite: "bookworm" } } },
  defaults: { image: "base" },
  networks: { front: { cidr: "10.20.0.0/24" }, back: {} },
  sandboxes: { web: { networks: ["front", "back"] }, solo: {} },
};
const plan = (overlay?: Overlay) => {
  const { value } = normalizeLab(written, { overlay });
  if (!value) throw new Error("the lab is in order");
  return value;
};

test("with what was chosen nothing is in the way any more, on none of the hosts", () => {
  const { lab } = plan();
  const world = worldWith({
    links: [
      { name: "eth0", addresses: ["10.20.0.9/16"] },
      { name: "tun0", kind: "tun", addresses: ["10.128.0.1/9"] },
      { name: lab.networks["local/back"]?.bridge ?? "", kind: "veth", addresses: [] },
    ],
  });
  expect(checkWorld(lab, world).map(({ code }) => code)).toEqual([
    "ADDRESSES_TAKEN",
    "ADDRESSES_TAKEN",
    "ADDRESSES_TAKEN",
    "BRIDGE_NAME_TAKEN",
  ]);
  const overlay = chooseOverlay(lab, [world]);
  expect(Object.keys(overlay.networks).toSorted()).toEqual(["back", "front", "solo"]);
  const moved = plan(overlay);
  expect(checkWorld(moved.lab, world)).toEqual([]);
  expect(moved.lock).toEqual(plan().lock);
});

test("where nothing is in the way nothing moves", () => {
  expect(chooseOverlay(plan().lab, [worldWith({ links: [{ name: "eth0", addresses: ["192.168.1.9/24"] }] })])).toEqual({ networks: {} });
});

const printedLab = async (
  folder: string,
  ...flags: readonly string[]
): Promise<{ name: string; networks: Record<string, { cidr: string }> }> => {
  const { stdout, stderr } = await runTerrarium(folder, ["synth", "--print-lab", "--json", ...flags]);
  if (!stdout.startsWith("{")) throw new Error(stderr);
  return JSON.parse(stdout) as { name: string; networks: Record<string, { cidr: string }> };
};

test("this machine's overlay counts for every command, is told, and stays out of the lock", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "lab.yaml"), smallLab);
  expect(await runTerrarium(folder, ["lock"])).toMatchObject({ exitCode: 0 });
  const before = await readFile(join(folder, "terrarium.lock.yaml"), "utf8");
  await mkdir(join(folder, ".terrarium/demo"), { recursive: true });
  await writeFile(join(folder, ".terrarium/demo/overlay.json"), JSON.stringify({ networks: { front: { cidr: "10.99.0.0/24" } } }));
  expect(await printedLab(folder)).toMatchObject({ networks: { "local/front": { cidr: "10.99.0.0/24" } } });
  const locked = await runTerrarium(folder, ["lock"]);
  expect(locked.stdout).toContain("up to date");
  expect(locked.stderr.replace(/\s+/g, " ")).toContain(
    'on this machine some things are elsewhere than the lock says: "front" 10.99.0.0/24',
  );
  expect(await readFile(join(folder, "terrarium.lock.yaml"), "utf8")).toBe(before);
  expect(await runTerrarium(folder, ["validate", "--locked"])).toMatchObject({ exitCode: 0 });
});

test("--instance is a lab of its own: name, addresses, lock in its state, which does not touch the checked-in one", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "lab.yaml"), smallLab);
  await runTerrarium(folder, ["lock"]);
  const before = await readFile(join(folder, "terrarium.lock.yaml"), "utf8");
  expect(await runTerrarium(folder, ["lock", "--instance", "b"])).toMatchObject({ exitCode: 0 });
  expect(await readFile(join(folder, "terrarium.lock.yaml"), "utf8")).toBe(before);
  expect(await readFile(join(folder, ".terrarium/demo-b/terrarium.lock.yaml"), "utf8")).toContain("demo-b:");
  const copy = await printedLab(folder, "--instance", "b");
  expect(copy.name).toBe("demo-b");
  expect(copy.networks["local/front"]?.cidr).not.toBe("10.20.0.0/24");
  expect(await printedLab(folder, "--instance", "b")).toEqual(copy);
  expect(await runTerrarium(folder, ["status", "--instance", "b"])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("demo-b") as string,
  });
  expect(await runTerrarium(folder, ["lock", "--instance", "B!"])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("BAD_OPTION") as string,
  });
});
