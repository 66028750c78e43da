import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { unknown } from "../../../lib/provider/framework/value.ts";
import { idOf } from "../../fixtures/provider/small-core.ts";
import { memoryLab, type MemoryLab } from "../../fixtures/provider/memory-lab.ts";

let lab: MemoryLab;
beforeEach(async () => {
  lab = await memoryLab();
});
afterEach(() => lab.remove());

const [image, disk, seed] = ["terrarium_image", "terrarium_disk", "terrarium_seed"] as const;
const digest = "a".repeat(64);

test("an image's digest is in the plan, and the image on the host under it", async () => {
  const config = { source: lab.image };
  const { plan, state } = await lab.core.apply(image, config);
  expect(plan.planned["sha256"]).toBe("30e14955ebf1352266dc2ff8067e68104607e750abb9d3b36582b8af909fcb58");
  expect(state).toMatchObject({ id: plan.planned["sha256"], size: "1MiB" });
  expect(await lab.host.findImage(idOf(state))).toMatchObject({ sizeBytes: 1024 ** 2 });
  expect((await lab.core.plan(image, config, await lab.core.refresh(image, state))).action).toBe("none");
});

test("another file of the same content is no other image, other content is one", async () => {
  const { state } = await lab.core.apply(image, { source: lab.image });
  const copy = join(lab.directory, "copy.img");
  await writeFile(copy, await readFile(lab.image));
  const moved = await lab.core.apply(image, { source: copy }, state);
  expect(moved.plan.action).toBe("update");
  expect(moved.state).toEqual({ ...state, source: copy });
  await writeFile(copy, Buffer.alloc(2 * 1024 ** 2));
  const changed = await lab.core.apply(image, { source: copy }, moved.state);
  expect(changed.plan.action).toBe("replace");
  expect(changed.state["size"]).toBe("2MiB");
});

test("an image whose file is gone stays as it is", async () => {
  const { state } = await lab.core.apply(image, { source: lab.image });
  const config = { source: join(lab.directory, "nowhere.img") };
  const missing = { ...state, source: config.source };
  expect((await lab.core.plan(image, config, missing)).action).toBe("none");
});

test("an image of another digest than declared is an error of the plan, naming the file", async () => {
  const { problems } = await lab.core.plan(image, { source: lab.image, sha256: digest });
  expect(problems).toMatchObject([{ severity: "error", path: ["source"], summary: expect.stringContaining(digest) }]);
});

test("an image that only has a digest must be on the host, and says how it gets there", async () => {
  await expect(lab.core.apply(image, { sha256: digest })).rejects.toThrow(/no image a{64}[^]*terrarium prepare/);
  const placed = await lab.host.placeImage(lab.image, digest);
  const { state } = await lab.core.apply(image, { sha256: digest });
  expect(state).toMatchObject({ id: digest, path: placed.path, source: null });
  expect(await lab.core.import(image, digest)).toEqual(state);
});

test("destroying an image leaves the host's copy", async () => {
  const { state } = await lab.core.apply(image, { source: lab.image });
  await lab.core.destroy(image, state);
  expect(await lab.host.findImage(idOf(state))).toBeDefined();
});

test("an image that somebody pruned is planned to be placed again", async () => {
  const { state } = await lab.core.apply(image, { source: lab.image });
  await lab.host.removeImage(idOf(state));
  await lab.configure();
  expect(await lab.core.refresh(image, state)).toBeNull();
});

test("a disk grows in place, and another writing of its size is no change", async () => {
  const { state } = await lab.core.apply(disk, { name: "web", size: "1GiB" });
  expect((await lab.core.plan(disk, { name: "web", size: "1024MiB" }, state)).action).toBe("none");
  const { plan, state: grown } = await lab.core.apply(disk, { name: "web", size: "1536MiB" }, state);
  expect(plan.action).toBe("update");
  expect(grown).toMatchObject({ id: state["id"], size: "1536MiB" });
  expect((await lab.host.listDisks([idOf(state)])).get(idOf(state))?.sizeBytes).toBe(1536 * 1024 ** 2);
  expect(await lab.core.refresh(disk, grown)).toEqual(grown);
});

test("a disk never shrinks, also not one that somebody else made larger", async () => {
  const { state } = await lab.core.apply(disk, { name: "web", size: "2GiB" });
  const smaller = await lab.core.plan(disk, { name: "web", size: "1GiB" }, state);
  expect(smaller.problems).toMatchObject([{ path: ["size"], summary: expect.stringContaining("cannot shrink to 1GiB") }]);
  await lab.host.growDisk(idOf(state), 3 * 1024 ** 3);
  await lab.configure();
  const drifted = await lab.core.refresh(disk, state);
  expect(drifted).toMatchObject({ size: "3GiB" });
  expect((await lab.core.plan(disk, { name: "web", size: "2GiB" }, drifted)).problems).toHaveLength(1);
});

test("a disk that cannot hold its image is an error of the plan where the image is known, naming both sizes", async () => {
  const { state } = await lab.core.apply(image, { source: lab.image });
  const { problems } = await lab.core.plan(disk, { name: "web", size: "512KiB", image: state["id"] });
  expect(problems).toMatchObject([{ path: ["size"], summary: "512KiB cannot hold the image that the disk starts from, which has 1MiB" }]);
  expect((await lab.core.plan(disk, { name: "web", size: "512KiB", image: unknown })).problems).toEqual([]);
});

test("another name or image is another disk", async () => {
  const { state: base } = await lab.core.apply(image, { source: lab.image });
  const { state } = await lab.core.apply(disk, { name: "web", size: "1GiB" });
  expect((await lab.core.plan(disk, { name: "db", size: "1GiB" }, state)).action).toBe("replace");
  expect((await lab.core.plan(disk, { name: "web", size: "1GiB", image: base["id"] }, state)).action).toBe("replace");
  // Smaller, but another one.
  expect((await lab.core.plan(disk, { name: "db", size: "1MiB" }, state)).problems).toEqual([]);
});

test("a disk is imported by its id with size and image, and its plan is empty", async () => {
  const { state: base } = await lab.core.apply(image, { source: lab.image });
  const config = { name: "web.data", size: "1GiB", image: base["id"] };
  const { state } = await lab.core.apply(disk, config);
  expect(await lab.core.import(disk, idOf(state))).toEqual(state);
  await expect(lab.core.import(disk, "/nowhere")).rejects.toThrow('no disk "/nowhere"');
});

test("a disk that is gone is planned to be created, and a destroyed one leaves nothing", async () => {
  const { state } = await lab.core.apply(disk, { name: "web", size: "1GiB" });
  await lab.host.removeDisk(idOf(state));
  await lab.configure();
  expect(await lab.core.refresh(disk, state)).toBeNull();
  await lab.core.destroy(disk, state);
  expect(await lab.left()).toMatchObject({ disks: 0 });
});

test("a seed of write-only texts has them neither in plan nor in state, and its instance-id follows the revision", async () => {
  const config = { name: "web", user_data: "#cloud-config\npassword: hunter2\n", revision: "1" };
  const { plan, state } = await lab.core.apply(seed, config);
  expect(JSON.stringify([plan, state])).not.toContain("hunter2");
  expect(state).toMatchObject({ user_data: null, instance_id: "demo-web-1" });
  expect(plan.planned["instance_id"]).toBe("demo-web-1");
  const next = await lab.core.apply(seed, { ...config, revision: "2" }, state);
  expect(next.plan.action).toBe("replace");
  expect(next.state).toMatchObject({ instance_id: "demo-web-2" });
  expect(next.state["id"]).not.toBe(state["id"]);
  expect(await lab.left()).toMatchObject({ seeds: 1 });
});

test("a seed with meta-data of its own has its instance-id", async () => {
  const { state } = await lab.core.apply(seed, { name: "web", revision: "1", meta_data: "instance-id: mine\nlocal-hostname: web\n" });
  expect(state["instance_id"]).toBe("mine");
});

test("a seed's file is known by its name: another folder is no change, another name is another seed", async () => {
  for (const name of ["web-1.iso", "web-2.iso"]) await writeFile(join(lab.directory, name), name);
  const { state } = await lab.core.apply(seed, { name: "web", file: join(lab.directory, "web-1.iso") });
  expect(state["instance_id"]).toBeNull();
  expect((await lab.core.plan(seed, { name: "web", file: "elsewhere/web-1.iso" }, state)).action).toBe("none");
  const next = await lab.core.apply(seed, { name: "web", file: join(lab.directory, "web-2.iso") }, state);
  expect(next.plan.action).toBe("replace");
  await expect(lab.core.apply(seed, { name: "web", file: "nowhere/web.iso" })).rejects.toThrow("there is no seed image");
});

test("a seed is imported by its id with its identity, and its plan is empty", async () => {
  await writeFile(join(lab.directory, "web-1.iso"), "1");
  const ofFile = { name: "web", file: join(lab.directory, "web-1.iso") };
  const { state: file } = await lab.core.apply(seed, ofFile);
  const importedFile = await lab.core.import(seed, idOf(file));
  expect((await lab.core.plan(seed, ofFile, importedFile)).action).toBe("none");
  const ofTexts = { name: "db", revision: "v1.2", user_data: "#cloud-config\n{}\n" };
  const { state: texts } = await lab.core.apply(seed, ofTexts);
  expect(await lab.core.import(seed, idOf(texts))).toEqual(texts);
});

test("a seed whose creation was cut off is taken over by the next apply", async () => {
  await lab.inject({ operation: "createSeed", call: 1, when: "midway" });
  const config = { name: "web", revision: "1" };
  await expect(lab.core.apply(seed, config)).rejects.toThrow("createSeed");
  const { state } = await lab.core.apply(seed, config);
  expect(await lab.core.refresh(seed, state)).toEqual(state);
  expect(await lab.left()).toMatchObject({ seeds: 1 });
});

test.each([
  [image, {}, []],
  [image, { sha256: "abc" }, ["sha256"]],
  [disk, { name: "Web", size: "1GiB" }, ["name"]],
  [disk, { name: "web", size: "1" }, ["size"]],
  [disk, { name: "web", size: "0GiB" }, ["size"]],
  [disk, { name: "web", size: "1GiB", image: "debian" }, ["image"]],
  [seed, { name: "web" }, []],
  [seed, { name: "web", user_data: "#cloud-config\n{}\n" }, ["revision"]],
  [seed, { name: "web", revision: "a b" }, ["revision"]],
  [seed, { name: "web", file: "seed.img" }, ["file"]],
  [seed, { name: "web", file: "a.iso", revision: "1" }, ["revision"]],
  [seed, { name: "web", file: "a.iso", user_data: "#cloud-config\n{}\n" }, ["user_data"]],
  [seed, { name: "web", revision: "1", user_data: "packages: [nginx]\n" }, ["user_data"]],
  [seed, { name: "web", revision: "1", meta_data: "local-hostname: web\n" }, ["meta_data"]],
])("%s %j is refused, with its path", (type, config, path) => {
  const [problem, ...others] = lab.core.validate(type, config);
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ severity: "error", path });
});
