import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { replaceFile } from "../../../lib/hypervisor/virtualbox/files.ts";

test("replacing a file removes what killed processes had written of it, and nothing of those that live", async () => {
  const folder = await mkdtemp(join(tmpdir(), "trm-"));
  try {
    const { pid: dead } = spawnSync(process.execPath, ["-e", ""]);
    const ours = `ports.json.${process.pid}-0badcafe.part`;
    for (const name of [`ports.json.${dead}-0badcafe.part`, ours, `other.json.${dead}-0badcafe.part`])
      await writeFile(join(folder, name), "{");
    await replaceFile(join(folder, "ports.json"), "{}");
    expect((await readdir(folder)).sort()).toEqual([`other.json.${dead}-0badcafe.part`, "ports.json", ours].sort());
  } finally {
    await rm(folder, { recursive: true });
  }
});
