import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { DiagnosticError } from "../../../../lib/diagnostics/diagnostic-error.ts";
import { findEngine } from "../../../../lib/terraform/engine.ts";
import { createDirectory } from "./workshop.ts";

async function diagnose(env: NodeJS.ProcessEnv): Promise<unknown> {
  const error: unknown = await findEngine(env).then(
    () => undefined,
    (failure: unknown) => failure,
  );
  return error instanceof DiagnosticError ? error.diagnostics : error;
}

/** Says a version, as Terraform and OpenTofu do: for the version check only. */
async function createSayer(name: string, output: string): Promise<string> {
  const path = join(await createDirectory(), name);
  await writeFile(path, `#!/bin/sh\nprintf '%s\\n' '${output}'\n`);
  await chmod(path, 0o755);
  return path;
}

test("terraform on PATH is found with its version and absolute path", async () => {
  expect(await findEngine({ PATH: process.env["PATH"], HOME: process.env["HOME"] })).toMatchObject({
    product: "terraform",
    version: expect.stringMatching(/^1\.\d+\.\d+/),
    path: expect.stringMatching(/^\/.*\/terraform$/),
  });
});

test("TERRAFORM_BINARY_NAME may be a name on PATH or a path", async () => {
  const { path } = await findEngine(process.env);
  const directory = await createDirectory();
  await symlink(path, join(directory, "my-terraform"));
  expect(await findEngine({ PATH: directory, TERRAFORM_BINARY_NAME: "my-terraform" })).toMatchObject({
    path: join(directory, "my-terraform"),
  });
  expect(await findEngine({ PATH: "", TERRAFORM_BINARY_NAME: path })).toMatchObject({ path });
});

test("a TERRAFORM_BINARY_NAME that does not exist is an error that names it, even if terraform is on PATH", async () => {
  expect(await diagnose({ ...process.env, TERRAFORM_BINARY_NAME: "terrafrom" })).toMatchObject([
    {
      code: "ENGINE_MISSING",
      summary: 'TERRAFORM_BINARY_NAME is "terrafrom", but there is no such program on PATH',
      nextStep: expect.stringContaining("unset it"),
    },
  ]);
});

test("no engine at all is one error that says what to install", async () => {
  expect(await diagnose({ PATH: await createDirectory() })).toMatchObject([
    {
      code: "ENGINE_MISSING",
      summary: "neither terraform nor tofu is on PATH",
      nextStep: expect.stringContaining("Install Terraform 1.11 or newer"),
    },
  ]);
});

test("a folder and a file without permission are passed over in the search", async () => {
  const [first, second] = [await createDirectory(), await createDirectory()];
  await mkdir(join(first, "terraform"));
  await writeFile(join(second, "terraform"), "");
  const { path } = await findEngine(process.env);
  expect(await findEngine({ PATH: `${first}:${second}:${dirname(path)}` })).toMatchObject({ path });
});

test("tofu is taken where there is no terraform", async () => {
  const path = await createSayer("tofu", "OpenTofu v1.10.6\non linux_amd64");
  expect(await findEngine({ PATH: `${dirname(path)}:/usr/bin:/bin`, TERRAFORM_BINARY_NAME: "tofu" })).toEqual({
    product: "opentofu",
    version: "1.10.6",
    path,
  });
});

test("an old version is an error that names program, version and what is needed", async () => {
  const path = await createSayer("terraform", "Terraform v1.5.7\non linux_amd64\n\nYour version of Terraform is out of date!");
  expect(await diagnose({ PATH: "", TERRAFORM_BINARY_NAME: path })).toMatchObject([
    {
      code: "ENGINE_TOO_OLD",
      summary: `${path} is Terraform 1.5.7; Terrarium needs 1.11.0 or newer`,
      nextStep: expect.stringContaining("TERRAFORM_BINARY_NAME"),
    },
  ]);
});

test("a program that is something else is an error that quotes it", async () => {
  const path = await createSayer("terraform", "GNU bash, version 5");
  expect(await diagnose({ PATH: "", TERRAFORM_BINARY_NAME: path })).toMatchObject([
    { code: "ENGINE_MISSING", summary: `${path} is neither Terraform nor OpenTofu: "${path} version" printed "GNU bash, version 5\\n"` },
  ]);
  expect(await diagnose({ PATH: process.env["PATH"], TERRAFORM_BINARY_NAME: "false" })).toMatchObject([{ code: "ENGINE_MISSING" }]);
});
