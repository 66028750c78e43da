import { homedir } from "node:os";
import { join, relative, resolve } from "node:path";
import { cacheDirectory } from "../deploy/cache-directory.ts";
import { openLab, writeLock, type OpenedLab } from "../deploy/open-lab.ts";
import { readLabText } from "../deploy/read-lab-text.ts";
import { lockFormat } from "../lab/lock/lab-lock.ts";
import { printLockFile } from "../lab/lock/print-lock-file.ts";
import type { WrittenImage } from "../lab/written-lab.ts";
import { includedFiles } from "../labfile/included-files.ts";
import { cdktf } from "../synth/cdktf.ts";
import { LabStack } from "../../stacks/lab-stack.ts";
import { exitCodes, type CommandContext } from "./context.ts";
import { finish } from "./finish.ts";

/*
 * A lab file as an app of CDK for Terraform: what `cdktf.json` of this repository names, so that `cdktf` and `cdktn` take a lab in YAML, too.
 * The lab is $TERRARIUM_FILE, else the quickstart example.
 */

/** @throws DiagnosticError with everything that is wrong with the lab */
async function synthesizeApp({ cwd, env }: Pick<CommandContext, "cwd" | "env">): Promise<void> {
  const file = env["TERRARIUM_FILE"] ?? "examples/quickstart/lab.yaml";
  const opened = await openLab({ file, cwd, env, cacheDirectory: cacheDirectory(env) });
  const { written, lock } = opened;
  const { lab, ...props } = written;
  const app = new cdktf.App();
  new LabStack(app, lab, {
    ...props,
    images: mapValues(written.images ?? {}, (image) => fromHere(image, opened, cwd)),
    lock: printLockFile({ version: lockFormat, labs: { [lab]: lock } }),
    files: await readIncluded(opened),
  });
  app.synth();
  await writeLock(opened);
}

/** Paths in a stack start at the project, those in a lab file at its folder. */
function fromHere(image: WrittenImage, { directory }: OpenedLab, cwd: string): WrittenImage {
  if (image.path === undefined || image.path.startsWith("~/")) return image;
  return { ...image, path: relative(cwd, resolve(directory, image.path)) };
}

async function readIncluded({ written, directory }: OpenedLab): Promise<Map<string, { text: string }>> {
  const texts = new Map<string, { text: string }>();
  for (const { path } of includedFiles(written)) {
    const absolute = path.startsWith("~/") ? join(homedir(), path.slice(2)) : resolve(directory, path);
    texts.set(path, { text: await readLabText(absolute, path) });
  }
  return texts;
}

function mapValues<T>(entries: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, change(value)]));
}

const context: CommandContext = {
  cwd: process.cwd(),
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
};
process.exitCode = await finish(context, {}, async () => {
  await synthesizeApp(context);
  return { exitCode: exitCodes.done };
});
