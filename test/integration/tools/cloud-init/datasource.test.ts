import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SeedIntent } from "../../../../lib/cloud-init/seed-intent.ts";
import { userData } from "../../../../lib/cloud-init/user-data.ts";
import { vendorData } from "../../../../lib/cloud-init/vendor-data.ts";
import { seedFiles } from "../../../../lib/deploy/seed-files.ts";
import { isoImage } from "../../../../lib/seed/iso-image.ts";
import { bareIntent, fullIntent } from "../../../cloud-init/intents.ts";
import { askPython } from "./cloud-init.ts";

let folder: string;
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "terrarium-datasource-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Kind = "nocloud" | "configdrive";
const datasources = { nocloud: "NoCloud", configdrive: "ConfigDrive" } as const;

interface Question {
  readonly datasource: string;
  readonly image: string;
  readonly files: string;
}

/** A seed image, and its files as xorriso takes them out. */
function asked(seed: Kind, intent: SeedIntent, datasource: string = datasources[seed]): Question {
  const { volumeId, files } = seedFiles({ seed }, intent);
  const place = join(folder, String(count++));
  const image = `${place}.iso`;
  writeFileSync(image, isoImage({ volumeId, files: files.map(({ path, content }) => ({ path, content: Buffer.from(content) })) }));
  execFileSync("xorriso", ["-osirrox", "on:auto_chmod_on", "-indev", image, "-extract", "/", place], {
    env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  return { datasource, image, files: place };
}

const metaData = { role: "web", nested: { a: [1, "0644", true] } };
const ownText = ["#!/bin/sh\necho grüße 😀\n", "#cloud-config\nruncmd: [a]\n"];

test.each(["nocloud", "configdrive"] as const)(
  "cloud-init's own datasource claims a seed of %s, and reads what the intent says",
  (seed) => {
    const intent: SeedIntent = { ...fullIntent, metaData, userData: ownText, vendorData: ["#cloud-config\nfinal_message: x\n"] };
    const [found] = askPython("read_datasource.py", [asked(seed, intent)]) as [object];
    expect(found).toMatchObject({
      instanceId: intent.instanceId,
      metadata: metaData,
      userData: userData(intent),
      vendorData: vendorData(intent, seed === "nocloud"),
      hostname: "web-1",
      networkConfig: seed === "nocloud" ? { version: 2, ethernets: { front: {}, back: {}, fixed: {} } } : { version: 1 },
    });
  },
);

test("a seed is claimed by no other datasource", () => {
  const questions = [asked("nocloud", bareIntent, "ConfigDrive"), asked("configdrive", bareIntent, "NoCloud")];
  expect(askPython("read_datasource.py", questions)).toEqual([null, null]);
});

test("whatever the names and texts, both datasources read back every byte of them", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/);
  const text = fc.string({ unit: "grapheme", maxLength: 200 });
  const drawn = fc.record({
    seed: fc.constantFrom("nocloud" as const, "configdrive" as const),
    hostname: name,
    instanceId: name,
    script: text.map((said) => `#!/bin/sh\n# ${said.replaceAll("\n", " ")}\n`),
    content: text,
  });
  const samples = fc.sample(drawn, { numRuns: 40, seed: 5 });
  const intents = samples.map(({ hostname, instanceId, script, content }): SeedIntent => ({
    ...bareIntent,
    hostname,
    instanceId,
    userData: [script],
    writeFiles: [{ path: "/etc/x", content, permissions: "0644" }],
  }));
  const questions = intents.map((intent, index) => asked(samples[index]?.seed ?? "nocloud", intent));
  expect(askPython("read_datasource.py", questions)).toMatchObject(
    intents.map((intent) => ({ hostname: intent.hostname, instanceId: intent.instanceId, userData: userData(intent) })),
  );
});
