import { execa } from "execa";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cdkCli, runRecorded, type CdkCliName } from "../../../fixtures/cdk-clis.ts";
import { exampleCdk, packPackage, type PackedPackage } from "../../../fixtures/packed-project.ts";
import { synthesizeLab } from "../../../../stacks/synthesize-lab.ts";
import { exampleLab } from "./example-lab.ts";

/** The same lab through `LabStack`'s props, which are what YAML says, in a project of its user's. */
const propsProgram = `
import { App } from "cdktf";
import { LabStack, Ready } from "terrarium-labs";
const { lab, ...props } = ${JSON.stringify(exampleLab)};
const app = new App({ outdir: "props.out" });
new Ready(new LabStack(app, lab, props), "ready");
app.synth();
`;

const libraries = {
  "cdktn 0.24": exampleCdk,
  "the archived cdktf 0.21": ["cdktf@0.21.0", "constructs@10.7.2", "tsx@4.23.15"],
} as const;
const clis: readonly CdkCliName[] = ["cdktf", "cdktn"];

let packed: PackedPackage;
beforeAll(async () => {
  packed = await packPackage();
  for (const name of clis) await cdkCli(name);
}, 600_000);
afterAll(async () => await packed?.remove());

describe.each(Object.entries(libraries))("with %s", (library, packages) => {
  let project: string;
  beforeAll(async () => {
    project = await packed.makeExample({ packages });
    await writeFile(join(project, "props.mjs"), propsProgram);
  });

  test.each(clis)("`%s synth` writes the bytes that the lab's YAML form gives, and talks to nobody", async (name) => {
    await rm(join(project, "cdktf.out"), { recursive: true, force: true });
    const cli = await cdkCli(name);
    const run = await cli.run(["synth"], { cwd: project });
    expect(run).toMatchObject({ exitCode: 0, connections: [] });
    const synthesized = await readFile(join(project, "cdktf.out/stacks/two-tier/cdk.tf.json"), "utf8");

    await execa("node", ["props.mjs"], { cwd: project });
    expect(synthesized).toBe(await readFile(join(project, "props.out/stacks/two-tier/cdk.tf.json"), "utf8"));
    expect(synthesized).not.toContain("TfToken");
    // cdktf 0.21 crashes on a variable whose default is null.
    expect(synthesized).not.toContain('"default": null');
    expect(synthesized).not.toContain(project);
  });

  test("a lab on our own provider has the blocks that its YAML form gives", async () => {
    const program = propsProgram
      .replace("const { lab, ...props }", "const { lab, provider: _, ...rest }")
      .replace("lab, props)", 'lab, { ...rest, provider: "terrarium" })');
    await writeFile(join(project, "own.mjs"), program.replace("props.out", "own.out").replace(/new Ready\((.*), "ready"\);/, "$1;"));
    await execa("node", ["own.mjs"], { cwd: project });
    const { "//": _, ...blocks } = JSON.parse(await readFile(join(project, "own.out/stacks/two-tier/cdk.tf.json"), "utf8")) as Record<
      string,
      unknown
    >;
    const { "//": __, ...expected } = JSON.parse(synthesizeLab({ ...exampleLab, provider: "terrarium" }).terraformJson ?? "") as Record<
      string,
      unknown
    >;
    expect(blocks).toEqual(expected);
  });

  test("CommonJS programs take the package by require(), as those that ts-node runs do", async () => {
    await writeFile(join(project, "props.cjs"), propsProgram.replaceAll(/import (\{.*\}) from (".*");/g, "const $1 = require($2);"));
    await rm(join(project, "props.out"), { recursive: true, force: true });
    const { stderr } = await execa("node", ["props.cjs"], { cwd: project });
    expect(stderr).toBe("");
    expect(await readFile(join(project, "props.out/stacks/two-tier/cdk.tf.json"), "utf8")).toContain(
      library.startsWith("cdktn") ? "0.24.0" : "0.21.0",
    );
  });
});

test("the command's own copy gives the bytes of cdktn 0.24 for a lab without Ready", async () => {
  const project = await packed.makeExample({ change: (program) => program.replace('new Ready(lab, "ready");', "") });
  await execa("npx", ["--no-install", "tsx", "main.ts"], { cwd: project });
  await writeFile(join(project, "lab.yaml"), JSON.stringify(exampleLab));
  const { stdout } = await execa("npx", ["--no-install", "terrarium", "synth"], { cwd: project });
  expect(stdout.trimEnd()).toBe((await readFile(join(project, "cdktf.out/stacks/two-tier/cdk.tf.json"), "utf8")).trimEnd());
});

test("the record of connections sees what a program or its child asks for", async () => {
  const child = 'fetch("http://192.0.2.1/").catch(() => process.stdout.write("refused"))';
  const parent = `require("node:child_process").execFileSync(process.execPath, ["-e", ${JSON.stringify(child)}], { stdio: "inherit" })`;
  const run = await runRecorded(process.execPath, ["-e", parent], { cwd: packed.tarball.replace(/[^/]*$/, "") });
  expect(run).toEqual({ exitCode: 0, output: "refused", connections: ["192.0.2.1:80"] });
});
