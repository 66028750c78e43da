import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { noCloudFiles } from "../../../../lib/cloud-init/no-cloud-files.ts";
import type { SeedIntent } from "../../../../lib/cloud-init/seed-intent.ts";
import { bareIntent, fullIntent, loginKey } from "../../../cloud-init/intents.ts";
import { cloudInit } from "./cloud-init.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "terrarium-schema-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const intents: readonly (readonly [string, SeedIntent])[] = [
  ["an empty intent", bareIntent],
  ["a full one", fullIntent],
  ["one with root as login user", { ...fullIntent, user: "root" }],
  ["one with keys only", { ...bareIntent, authorizedKeys: [loginKey] }],
  ["one with a foreign full name", { ...bareIntent, fqdn: "www.example.test" }],
];

test.each(intents)("cloud-init's schema accepts user-data and vendor-data of %s, and deprecates nothing in it", (_what, intent) => {
  for (const { path, content } of noCloudFiles(intent).filter((file) => file.path === "user-data" || file.path === "vendor-data")) {
    const file = join(folder, path);
    writeFileSync(file, content);
    const { exitCode, output } = cloudInit("schema", "-c", file);
    expect(output).toContain(`Valid cloud-config: ${file}`);
    expect(output).not.toMatch(/error|deprecated/i);
    expect(exitCode).toBe(0);
  }
});

test("the same judge refuses a network in user-data, as checkUserData does", () => {
  const file = join(folder, "network");
  writeFileSync(file, "#cloud-config\nnetwork:\n  version: 2\nusers: 1\n");
  expect(cloudInit("schema", "-c", file).exitCode).not.toBe(0);
});
