import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostPaths } from "../../../../lib/host/host-directory.ts";
import { parseDeploymentKey } from "../../../../lib/ssh/deployment-key.ts";
import { nothingLeft, providers, whyNoLabs } from "../../../fixtures/lab-runner.ts";
import { confirmed } from "./guess.ts";
import { guessable, placesInSeeds, secretLab, writeFilesOfLab } from "./lab.ts";
import { filesBelow, marksIn, secretOf } from "./marks.ts";
import { makeScene, type SecretScene } from "./scene.ts";

const why = (await whyNoLabs("terrarium")) ?? (await whyNoLabs());

/** What Terraform keeps differs most with the other one's provider, which is not ours. Both are part of the full test. */
const isFull = Boolean(process.env["TERRARIUM_TEST_FULL"]);
const tested = isFull ? providers : (["libvirt"] as const);

describe.each(tested)("with provider %s", (provider) => {
  const lab = `secret-${provider}`;
  let scene: SecretScene;
  const inState = (name: string) => join(scene.labs.directory, ".terrarium", lab, name);

  beforeAll(async () => {
    if (why !== undefined) return;
    scene = await makeScene();
    await scene.labs.write(await secretLab(provider));
    await writeFilesOfLab(scene.labs.directory);
  });

  afterAll(async () => {
    scene?.end();
    await scene?.labs.dispose();
  });

  test.skipIf(why)("what comes before an apply prints and keeps no secret", async () => {
    expect(await scene.run(["validate"], { plain: true })).toMatchObject({ exitCode: 0 });
    const showing = [
      ["synth"],
      ["synth", "--print-lab"],
      ["synth", "--out", "out"],
      ["synth", "--seed", "web"],
      ["synth", "--seed", "drive"],
    ];
    for (const args of showing) expect(await scene.run(args, { plain: true, literals: false })).toMatchObject({ exitCode: 0 });
    expect(await scene.run(["plan", "--out", "first.plan"])).toMatchObject({ exitCode: 0 });
    expect(await scene.found()).toEqual([]);
  });

  test.skipIf(why)("an apply that crashes with secrets in hand tells them nobody", async () => {
    const env = { NODE_OPTIONS: `--import=${join(import.meta.dirname, "crash.mjs")}` };
    const { exitCode, stdout } = await scene.run(["apply", "--yes"], { env });
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/UNEXPECTED[^]*TypeError, whose text is left out[^]*at /),
    });
    expect(stdout).not.toContain("PRIVATE KEY");
    expect(await scene.found()).toEqual([]);
  });

  test.skipIf(why)("an apply puts every secret into the seeds, and into nothing else", async () => {
    // They are made and not started, so they never get ready.
    expect(await scene.run(["apply", "--yes"])).toMatchObject({ exitCode: 3 });
    expect(await scene.found()).toEqual([]);
    const shown = await Promise.all(
      ["web", "drive"].map(async (name) => await scene.labs.run(["synth", "--seed", name, "--reveal"], { env: scene.environment })),
    );
    const seeds = shown.map(({ stdout }) => stdout).join("");
    expect(placesInSeeds.filter((place) => !holds(seeds, place))).toEqual([]);
    // The marks are found where they are.
    expect(marksIn(Buffer.from(seeds))).not.toEqual([]);
    for await (const { bytes } of filesBelow(inState("terraform/seeds"))) expect(bytes.length).toBeGreaterThan(0);
  });

  test.skipIf(why)("who has all that leaves the machine cannot confirm a guess, and with the key one can", async () => {
    const { stdout: plan } = await scene.run(["plan", "--out", "team.plan"]);
    const files = [
      "lab.yaml",
      "terrarium.lock.yaml",
      "team.plan",
      `.terrarium/${lab}/terraform.tfstate`,
      `.terrarium/${lab}/terraform/cdk.tf.json`,
    ];
    const texts = [plan];
    for await (const { path, bytes } of filesBelow(scene.labs.directory)) {
      if (files.some((file) => path === join(scene.labs.directory, file))) texts.push(bytes.toString("latin1"));
    }
    expect(texts).toHaveLength(files.length + 1);
    const leaves = texts.join("\n");
    const key = parseDeploymentKey(await readFile(inState("key"), "utf8")).value;
    if (!key) throw new Error("Expected a deployment key");
    const candidates = Array.from({ length: 10_000 }, (_, number) => String(number).padStart(4, "0"));
    const [deployment = ""] = await scene.labs.deployments();
    const guesses = [
      "",
      "\0".repeat(32),
      lab,
      "pin",
      `${lab}-pin`,
      deployment,
      Buffer.from(deployment, "hex"),
      ...(leaves.match(/\b[0-9a-f]{64}\b/g) ?? []),
    ];
    const keys = [...new Set(guesses)];
    expect(confirmed(leaves, { name: "PIN", candidates, keys })).toEqual([]);
    expect(confirmed(leaves, { name: "PIN", candidates, keys: [key.derive("secret-fingerprint", 32)] })).toEqual([guessable]);
  });

  test.skipIf(why)("a failure bundle has the console without its secrets, in whatever form they were printed", async () => {
    const bundle = inState("failures/web.json");
    const { machine } = JSON.parse(await readFile(bundle, "utf8")) as { machine: { consoleLog: string } };
    const log = machine.consoleLog.replace("/var/log/libvirt", () => hostPaths("local", scene.labs.hostDirectory).log);
    const [wild, key] = [secretOf("FILE_CONTENT", { wild: true }), secretOf("LAST_LINE")];
    const wrapped = Buffer.from(`token=${wild}`).toString("base64").replaceAll(/.{20}/g, "$&\r\n");
    const said = [wild, encodeURIComponent(wild), JSON.stringify({ wild }), wrapped, `${wild.slice(0, 18)}\r\n${wild.slice(18)}`, key];
    await mkdir(dirname(log), { recursive: true });
    await writeFile(log, `the guest says\r\n${said.join("\r\n")}\r\nand no more\r\n`);
    expect(await scene.run(["wait", "web"], { plain: true })).toMatchObject({ exitCode: 3 });
    expect(await readFile(bundle, "utf8")).toMatch(
      /the guest says[^]*\$\{env:SECRET_FILE_CONTENT\}[^]*\$\{file:\.\/ca\.pem\}[^]*and no more/,
    );
    await writeFile(log, "");
    expect(await scene.found()).toEqual([]);
  });

  test.skipIf(why)("nor do commands of every day print or keep one", async () => {
    const ofEveryDay = [
      ["status"],
      ["list"],
      ["logs", "web"],
      ["ssh-config"],
      ["stop", "web"],
      ["snapshot", "list", "web"],
      ["net", "list"],
      ["doctor"],
      ["lock"],
      ["host", "status"],
      ["images", "list"],
    ];
    for (const args of ofEveryDay) expect([args, (await scene.run(args, { plain: isFull })).exitCode]).toEqual([args, 0]);
    // It does not run.
    const refused = [
      ["exec", "web", "--", "true"],
      ["cp", "web:/etc/token", "token"],
    ];
    for (const args of refused) expect([args, (await scene.run(args, { plain: isFull })).exitCode]).toEqual([args, 1]);
    expect(await scene.found()).toEqual([]);
  });

  test.skipIf(why)("nor does an apply that fails in Terraform, nor the destroy after it", async () => {
    const overrides = provider === "libvirt" ? { type: "nonsense", running: false } : { seed: "/nowhere.iso", running: false };
    const cloudInit = { runCmd: ["true ${env:SECRET_RUN_COMMAND}"] };
    await scene.labs.write(await secretLab(provider, { broken: { networks: ["front"], ready: "none", overrides, cloudInit } }));
    expect(await scene.run(["apply", "--yes"])).toMatchObject({ exitCode: 1 });
    expect(await scene.found()).toEqual([]);
    expect(await scene.run(["destroy", "--yes"])).toMatchObject({ exitCode: 0 });
    expect(await scene.found()).toEqual([]);
    expect(await scene.labs.count()).toEqual(nothingLeft);
  });
});

/** True if `text` has `word`, also in a part that is base64. */
function holds(text: string, word: string): boolean {
  const decoded = (text.match(/(?:[A-Za-z0-9+/=]{20,}\n?)+/g) ?? []).map((part) => Buffer.from(part, "base64").toString("utf8"));
  return [text, ...decoded].some((each) => each.includes(word));
}
