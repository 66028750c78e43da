import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeTemporaryFolder, removeAbandonedFolders, withTemporaryFolder } from "../../lib/files/temporary-folder.ts";

let parent: string;
const former = process.env["TMPDIR"];
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "terrarium-files-"));
  process.env["TMPDIR"] = parent;
});
afterEach(async () => {
  if (former === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = former;
  await rm(parent, { recursive: true, force: true });
});

/** A process that has ended. */
const deadPid = (): number => Number(execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }));

test("a temporary folder is its user's only, and is removed after the work, also after one that failed", async () => {
  await withTemporaryFolder("xml", async (folder) => {
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    await writeFile(join(folder, "definition.xml"), "<domain/>");
  });
  await expect(withTemporaryFolder("xml", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await readdir(parent)).toEqual([]);
});

test("what a killed process left is removed by the next one; what lives, or is anybody else's, stays", async () => {
  const mine = basename(await makeTemporaryFolder("seed"));
  const named = (pid: number, namespace = /-([0-9a-z]+)\./.exec(mine)?.[1]): string => `terrarium-seed-${namespace}.${pid}-aBc123`;
  const dead = deadPid();
  const stay = [mine, named(1), named(dead, "othercontainer"), `terrarium-seed-${dead}`, "terrarium-tests"].sort();
  for (const name of [named(dead), ...stay]) await mkdir(join(parent, name), { recursive: true });
  await writeFile(join(parent, named(dead), "seed.iso"), "secret");
  await removeAbandonedFolders(parent);
  expect((await readdir(parent)).sort()).toEqual(stay);

  const link = named(dead);
  await symlink(join(parent, "terrarium-tests"), join(parent, link));
  await removeAbandonedFolders(parent);
  expect(await readdir(parent)).toContain(link);
});
