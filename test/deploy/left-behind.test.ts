import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findLeftBehind } from "../../lib/deploy/left-behind.ts";
import { createStateDirectory } from "../../lib/deploy/state-directory.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "left-behind-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function applied(lab: string): Promise<void> {
  const { applied: file } = await createStateDirectory(folder, lab);
  await writeFile(file, JSON.stringify({ name: lab, sandboxes: { web: {}, db: {} } }));
}

test("a lab whose name was changed is told to keep running, with its sandboxes and the way to remove it", async () => {
  await applied("old");
  await writeFile(join(folder, "lab.yaml"), "lab: new\n");
  expect(await findLeftBehind(folder, "new")).toMatchObject([
    { code: "LAB_LEFT_BEHIND", severity: "warning", summary: expect.stringContaining("it keeps running (web, db)") as string },
  ]);
});

test("a lab that another file of the folder names, or that was never applied, is not", async () => {
  await applied("beside");
  await createStateDirectory(folder, "planned");
  await writeFile(join(folder, "other.yml"), "lab: beside\n");
  expect(await findLeftBehind(folder, "new")).toEqual([]);
});

test("a folder from which nothing was applied has none", async () => {
  expect(await findLeftBehind(folder, "new")).toEqual([]);
});
