import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { checkUserData } from "../../../../lib/cloud-init/check-user-data.ts";
import { documentedRules } from "../../../../lib/cloud-init/check/rules.ts";
import { noCloudFiles } from "../../../../lib/cloud-init/no-cloud-files.ts";
import { seedIntent } from "../../../../lib/deploy/materialize-seed.ts";
import { openLab } from "../../../../lib/deploy/open-lab.ts";
import { generateDeploymentKey } from "../../../../lib/ssh/deployment-key.ts";
import { askPython } from "./cloud-init.ts";

interface Judged {
  readonly verdicts: readonly { readonly valid: boolean | null; readonly why: string }[];
}

const examples = new URL("../../../../examples/", import.meta.url).pathname;
const labs = readdirSync(examples).filter((name) => existsSync(join(examples, name, "lab.yaml")));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "terrarium-examples-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function judge(texts: readonly string[]): Judged["verdicts"] {
  return (askPython("judge_schema.py", { texts }) as Judged).verdicts;
}

test.each(labs)("cloud-init's validator accepts what the guests of examples/%s read, and so do we", async (name) => {
  const { lab } = await openLab({ file: "lab.yaml", cwd: join(examples, name), env: {}, cacheDirectory: folder });
  const material = { key: generateDeploymentKey(), reveal: () => "secret" };
  const texts = Object.values(lab.sandboxes)
    .flatMap((sandbox) => noCloudFiles(seedIntent(lab, sandbox, material)))
    .filter(({ path }) => path === "user-data" || path === "vendor-data")
    .map(({ content }) => content);
  expect(texts.length).toBeGreaterThan(0);
  for (const verdict of judge(texts)) expect(verdict).toEqual({ valid: true, why: "" });
  for (const text of texts) expect(checkUserData(text).filter(({ severity }) => severity === "error")).toEqual([]);
});

test("cloud-init's validator accepts the fixed example of every rule", () => {
  const texts = documentedRules.map(({ example }) => example.good).filter((text) => text.startsWith("#cloud-config\n"));
  expect(texts.length).toBeGreaterThan(10);
  for (const verdict of judge(texts)) expect(verdict).toEqual({ valid: true, why: "" });
});

test("cloud-init's validator accepts the user-data of examples/hcl", () => {
  const text = readFileSync(join(examples, "hcl/main.tf"), "utf8");
  const written = /jsonencode\((\{.*?\n {2}\})\)/s.exec(text)?.[1] ?? "";
  // HCL's object as YAML: colons, commas, and words for variables.
  const value = parse(
    written
      .replaceAll(/(\w+) += /g, '"$1": ')
      .replaceAll(/var\.\w+/g, '"word"')
      .replaceAll("]\n", "],\n"),
  ) as object;
  expect(Object.keys(value)).toEqual(["users", "write_files", "runcmd"]);
  const userData = `#cloud-config\n${JSON.stringify(value)}`;
  expect(judge([userData])).toEqual([{ valid: true, why: "" }]);
  expect(checkUserData(userData)).toEqual([]);
});
