import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { userData } from "../../../../lib/cloud-init/user-data.ts";
import { noCloudFiles } from "../../../../lib/cloud-init/no-cloud-files.ts";
import type { SeedIntent } from "../../../../lib/cloud-init/seed-intent.ts";
import { bareIntent, fullIntent, loginKey } from "../../../cloud-init/intents.ts";
import { exampleDevices, settingExamples } from "../../../cloud-init/settings.ts";
import { askPython, cloudInit } from "./cloud-init.ts";

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

test("it accepts every setting that has another name in the lab, alone and all together, and deprecates nothing", () => {
  const examples = Object.entries(settingExamples).flatMap(([key, values]) => values.map((value: unknown) => ({ [key]: value })));
  const together = Object.fromEntries(Object.entries(settingExamples).map(([key, [first]]) => [key, first]));
  const texts = [...examples, together].map((settings) => userData({ ...fullIntent, settings, diskDevices: exampleDevices }));
  const problems = askPython("check_schema.py", texts) as string[][];
  expect(problems.map((found, index) => [examples[index] ?? "together", ...found]).filter(({ length }) => length > 1)).toEqual([]);
  // The judge is awake.
  expect(askPython("check_schema.py", ["#cloud-config\nntp: 1\n"])).toMatchObject([[expect.stringContaining("ntp")]]);
});
