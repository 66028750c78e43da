import { execa } from "execa";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packPackage, type PackedPackage } from "../../../fixtures/packed-project.ts";

let packed: PackedPackage;
let project: string;
beforeAll(async () => {
  packed = await packPackage();
  const packages = ["cdktf@npm:cdktn@0.24.0", "constructs@10.7.2", "same@npm:cdktn@0.24.0", "older@npm:cdktf@0.21.0"];
  project = await packed.makeProject(packages);
}, 600_000);
afterAll(async () => await packed?.remove());

interface Imports {
  readonly app: string;
  readonly output: string;
}

async function synthesize({ app, output }: Imports): Promise<{ exitCode?: number; stderr: string }> {
  const program = `
    import { App } from "${app}";
    import { Lazy, TerraformOutput } from "${output}";
    import { Image, LabStack, Sandbox } from "terrarium-labs";
    const app = new App();
    const lab = new LabStack(app, "demo");
    const image = new Image(lab, "debian", { bootstrap: { suite: "bookworm" } });
    new Sandbox(lab, "web", { image, labels: { role: Lazy.stringValue({ produce: () => "front" }) } });
    new TerraformOutput(lab, "answer", { value: 42 });
    app.synth();`;
  await writeFile(join(project, "main.mjs"), program);
  return await execa("node", ["main.mjs"], { cwd: project, reject: false });
}

test("an app of another version is refused, naming both and where they lie", async () => {
  const { exitCode, stderr } = await synthesize({ app: "older", output: "cdktf" });
  expect(exitCode).toBe(1);
  const folder = join(project, "node_modules");
  expect(stderr).toContain(
    `[demo] CDK_COPIES_MIXED: the App is of cdktf 0.21.0 (${folder}/older), and LabStack of cdktn 0.24.0 (${folder}/cdktf)`,
  );
  expect(stderr).toContain("npm ls cdktf cdktn");
});

test("an element of another version is refused, by its path", async () => {
  const { exitCode, stderr } = await synthesize({ app: "cdktf", output: "older" });
  expect(exitCode).toBe(1);
  expect(stderr).toContain('[demo/answer] CDK_COPIES_MIXED: construct "demo/answer" is of cdktf 0.21.0');
});

test("a second copy of the same version works, tokens included", async () => {
  expect(await synthesize({ app: "same", output: "same" })).toMatchObject({ exitCode: 0, stderr: "" });
});

test("where only cdktn is installed, the error names the alias to add", async () => {
  const only = await packed.makeProject(["cdktn@0.24.0", "constructs@10.7.2"]);
  const { exitCode, stderr } = await execa("node", ["-e", 'require("terrarium-labs")'], { cwd: only, reject: false });
  expect(exitCode).toBe(1);
  expect(stderr).toContain('only "cdktn" is installed. Add the alias: npm install cdktf@npm:cdktn@0.24');
});

test("where no CDK is installed, the command works and the library says what to install", async () => {
  const none = await packed.makeProject(["constructs@10.7.2"]);
  const { stdout } = await execa("npx", ["--no-install", "terrarium", "--version"], { cwd: none });
  expect(stdout).toMatch(/^\d+\.\d+\.\d+$/);
  const { stderr } = await execa("node", ["-e", 'require("terrarium-labs")'], { cwd: none, reject: false });
  expect(stderr).toContain("Install it: npm install cdktf@npm:cdktn@0.24");
});
