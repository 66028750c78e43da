import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { tinyImage } from "../../../fixtures/embedded-host.ts";
import { makeLabRunner, nothingLeft, providers, whyNoLabs } from "../../../fixtures/lab-runner.ts";

/**
 * Every example, applied twice, has an empty second plan, with either provider. What matters here is what Terraform and libvirt keep of it, so that a small image stands for Debian and nobody
 * waits for the guests; `quickstart.test.ts` boots the real one.
 */
const folder = join(import.meta.dirname, "../../../../examples");
const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith("lab.yaml") && !file.includes("node_modules"));

const why = { libvirt: await whyNoLabs(), terrarium: await whyNoLabs("terrarium") };
const labs = why.terrarium === undefined ? await makeLabRunner() : undefined;

afterAll(async () => {
  await labs?.dispose();
});

/** In the full test every example on both; else all on ours, and one on the other. */
const of = (provider: (typeof providers)[number]): readonly string[] =>
  provider === "terrarium" || process.env["TERRARIUM_TEST_FULL"] ? files : files.filter((file) => file.startsWith("three-tier"));

describe.each(providers)("with provider %s", (provider) => {
  test.skipIf(why[provider]).for(of(provider))("examples/%s is valid, and applied twice it changes nothing", async (file) => {
    if (!labs) throw new Error("no labs here");
    const text = await readFile(join(folder, file), "utf8");
    expect(await labs.run(["validate", join(folder, file)])).toMatchObject({ exitCode: 0, stderr: "" });
    const lab = parse(text) as { images: object; defaults?: object };
    const tiny = { path: await tinyImage() };
    const images = Object.fromEntries(Object.keys(lab.images).map((name) => [name, tiny]));
    const cwd = labs.folder(`${provider}-${file.replaceAll("/", "-")}`);
    await labs.write({ ...lab, provider, images }, cwd);
    const { exitCode, stderr } = await labs.run(["apply", "--yes", "--no-wait"], { cwd });
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(await labs.run(["plan", "--detailed-exitcode", "--locked"], { cwd })).toMatchObject({ exitCode: 0, stdout: "No changes.\n" });
    expect(await labs.run(["destroy", "--yes"], { cwd })).toMatchObject({ exitCode: 0 });
    expect(await labs.count()).toEqual(nothingLeft);
  });
});
