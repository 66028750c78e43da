import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveInProcess, type ServedProvider } from "../../../../lib/provider/serve/serve-in-process.ts";
import { shelf } from "../../../fixtures/provider/readme-example.ts";
import { TerraformProject } from "../../../fixtures/provider/terraform-project.ts";

let served: ServedProvider;
let project: TerraformProject;

beforeAll(async () => {
  served = await serveInProcess(shelf);
  project = await TerraformProject.create({ TF_REATTACH_PROVIDERS: served.reattach });
});

afterAll(async () => {
  await project.remove();
  await served.close();
});

const configuration = (title: string, text: string) => `
  terraform {
    required_providers {
      shelf = { source = "example.test/acme/shelf" }
    }
  }
  provider "shelf" { directory = "${project.directory}/shelf" }
  resource "shelf_book" "one" {
    title = "${title}"
    text  = "${text}"
  }`;

test("the README's provider makes, keeps, changes, replaces and removes a book", async () => {
  const read = (title: string) => readFile(join(project.directory, "shelf", `${title}.txt`), "utf8");
  await project.write(configuration("Emma", "first"));
  await project.succeed("init", "-input=false");
  await project.apply();
  expect(await read("Emma")).toBe("first");
  expect(await project.planExitCode()).toBe(0);

  await project.write(configuration("Emma", "second"));
  expect(await project.apply()).toContain("1 changed");
  expect(await read("Emma")).toBe("second");

  await project.write(configuration("Persuasion", "second"));
  expect(await project.apply()).toContain("1 added, 0 changed, 1 destroyed");
  await expect(read("Emma")).rejects.toThrow("ENOENT");
  expect(await project.planExitCode()).toBe(0);

  await project.destroy();
  await expect(read("Persuasion")).rejects.toThrow("ENOENT");
});

test("the README shows exactly this provider", async () => {
  const source = await readFile(join(import.meta.dirname, "../../../fixtures/provider/readme-example.ts"), "utf8");
  const readme = await readFile(join(import.meta.dirname, "../../../../lib/provider/framework/README.md"), "utf8");
  expect(readme).toContain(source.replaceAll("../../../lib/provider/framework/", "./"));
});
