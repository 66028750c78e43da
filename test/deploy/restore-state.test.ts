import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { restoreState } from "../../lib/deploy/restore-state.ts";
import { createStateDirectory, type StateDirectory } from "../../lib/deploy/state-directory.ts";

let directory: string;
let state: StateDirectory;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "restore-state-"));
  state = await createStateDirectory(directory, "demo");
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

const before = '{"version":4,"serial":3}';

test("a whole state, and none at all, stay as they are", async () => {
  expect(await restoreState(state)).toEqual([]);
  await writeFile(state.state, before);
  await writeFile(`${state.state}.backup`, '{"version":4,"serial":2}');
  expect(await restoreState(state)).toEqual([]);
  expect(await readFile(state.state, "utf8")).toBe(before);
});

test.each(["", '{"version":4,"ser'])("a state that was cut off to %j is the copy before it", async (cut) => {
  await writeFile(state.state, cut);
  await writeFile(`${state.state}.backup`, before);
  expect(await restoreState(state)).toMatchObject([{ code: "STATE_RESTORED", severity: "notice" }]);
  expect(await readFile(state.state, "utf8")).toBe(before);
});

test("a first run's state that was cut off is none: what the run made is in the journal", async () => {
  await writeFile(state.state, '{"version');
  expect(await restoreState(state)).toMatchObject([{ code: "STATE_RESTORED" }]);
  await expect(readFile(state.state, "utf8")).rejects.toThrow("ENOENT");
});
