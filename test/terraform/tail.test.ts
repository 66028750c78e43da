import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tailLines } from "../../lib/terraform/tail.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "terrarium-tail-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test("lines come while the file grows, and the last one needs no end", async () => {
  const path = join(folder, "grows");
  await writeFile(path, "one\ntw");
  const writer = new EventTarget();
  const ended = new Promise((resolve) => writer.addEventListener("end", resolve));
  const lines: string[] = [];
  for await (const line of tailLines(path, ended)) {
    lines.push(line);
    if (line === "one") await appendFile(path, "o\nthree");
    if (line === "two") writer.dispatchEvent(new Event("end"));
  }
  expect(lines).toEqual(["one", "two", "three"]);
});

test("a character cut by the end of a read is whole again", async () => {
  const path = join(folder, "utf8");
  const long = "ä".repeat(40_000);
  await writeFile(path, `x${long}\n`);
  const lines: string[] = [];
  for await (const line of tailLines(path, Promise.resolve())) lines.push(line);
  expect(lines).toEqual([`x${long}`]);
});

test("an empty file has no lines", async () => {
  const path = join(folder, "empty");
  await writeFile(path, "");
  const lines: string[] = [];
  for await (const line of tailLines(path, Promise.resolve())) lines.push(line);
  expect(lines).toEqual([]);
});
