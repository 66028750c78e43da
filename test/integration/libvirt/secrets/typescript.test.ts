import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { App } from "cdktf";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CloudInit, LabStack, Sandbox, type LabStackProps, type SandboxProps } from "../../../../lib/index.ts";
import { tinyImage } from "../../../fixtures/embedded-host.ts";
import { whyNoLabs } from "../../../fixtures/lab-runner.ts";
import { secretLab, writeFilesOfLab } from "./lab.ts";
import { filesBelow, marksIn } from "./marks.ts";
import { makeScene, type SecretScene } from "./scene.ts";

const why = await whyNoLabs();
let scene: SecretScene;

beforeAll(async () => {
  if (why !== undefined) return;
  scene = await makeScene();
  await writeFilesOfLab(scene.labs.directory);
});

afterAll(async () => {
  scene?.end();
  await scene?.labs.dispose();
});

/** The lab of secrets, as a program declares it. */
async function synthesize(outdir: string): Promise<void> {
  const { lab: _name, sandboxes, images: _images, ...props } = (await secretLab("libvirt")) as LabStackProps & { lab: string };
  const path = await tinyImage();
  const sha256 = createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
  const included = ["./setup.sh", "./literal.yaml"].map(
    async (file) => [file, { text: await readFile(join(scene.labs.directory, file), "utf8") }] as const,
  );
  const app = new App({ outdir });
  const stack = new LabStack(app, "secret-ts", {
    ...props,
    images: { tiny: { path, sha256 } },
    files: new Map(await Promise.all(included)),
  });
  for (const [
    name,
    { cloudInit = {}, networks: _networks, timeouts: _timeouts, overrides: _overrides, image: _image, ...rest },
  ] of Object.entries(sandboxes ?? {})) {
    const declared: SandboxProps = { ...rest, networks: ["front"] };
    new Sandbox(stack, name, declared).addCloudInit(new CloudInit(cloudInit));
  }
  app.synth();
}

test.skipIf(why)("a program's lab has its secrets in its seeds, and in nothing that it, Terrarium or Terraform writes", async () => {
  const outdir = join(scene.labs.directory, "cdktf.out");
  await synthesize(outdir);
  expect(await scene.found()).toEqual([]);
  const folder = join(outdir, "stacks/secret-ts");
  const prepared = await scene.run(["prepare", folder]);
  expect(prepared).toMatchObject({ exitCode: 0 });
  const terraform = async (...args: readonly string[]): Promise<string> => {
    const env = { ...scene.environment, TF_LOG: "TRACE", CHECKPOINT_DISABLE: "1" };
    const { all } = await execa("terraform", args, { cwd: folder, env, all: true });
    return all;
  };
  const said = [await terraform("init", "-input=false"), await terraform("plan", "-input=false", "-out=saved.tfplan")];
  said.push(await terraform("show", "-json", "saved.tfplan"));
  expect(marksIn(Buffer.from(said.join("\n")))).toEqual([]);
  expect(await scene.found()).toEqual([]);
  const seeds: Buffer[] = [];
  for await (const { bytes } of filesBelow(join(folder, "seeds"))) seeds.push(bytes);
  expect(seeds).toHaveLength(3);
  expect(marksIn(Buffer.concat(seeds))).not.toEqual([]);
});
