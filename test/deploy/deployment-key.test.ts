import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ensureDeploymentKey, requireLogin } from "../../lib/deploy/deployment-key.ts";
import { generateDeploymentKey } from "../../lib/ssh/deployment-key.ts";

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "terrarium-key-"));
  file = join(directory, "key");
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

test("a lab that was never applied gets a key, once", async () => {
  const key = await ensureDeploymentKey(file, {}, { deployed: false });
  expect((await readFile(file, "utf8")).trim()).toBe(key.reveal());
  expect((await ensureDeploymentKey(file, {}, { deployed: true })).reveal()).toBe(key.reveal());
});

test("a lab that was applied gets no second key, and the error says what is lost with the first", async () => {
  const refused = ensureDeploymentKey(file, {}, { deployed: true });
  await expect(refused).rejects.toMatchObject({
    diagnostics: [
      {
        code: "KEY_LOST",
        severity: "error",
        detail: expect.stringMatching(/login.*host keys/s),
        nextStep: expect.stringMatching(/TERRARIUM_KEY.*--new-key/s),
      },
    ],
  });
  expect(await readdir(directory)).toEqual([]);
});

test("a lab that was applied gets a second key for whoever asks", async () => {
  const key = await ensureDeploymentKey(file, {}, { deployed: true, newKey: true });
  expect((await readFile(file, "utf8")).trim()).toBe(key.reveal());
});

test("asking for a new key replaces none that is there", async () => {
  const env = { TERRARIUM_KEY: generateDeploymentKey().reveal() };
  expect((await ensureDeploymentKey(file, env, { deployed: true, newKey: true })).reveal()).toBe(env.TERRARIUM_KEY);
  expect(await readdir(directory)).toEqual([]);
});

test("a login needs the key, or what was made from it", async () => {
  const identity = join(directory, "id_ed25519");
  await expect(requireLogin({ key: file, identity }, {})).rejects.toThrow("KEY_LOST");
  await requireLogin({ key: file, identity }, { TERRARIUM_KEY: generateDeploymentKey().reveal() });
  await ensureDeploymentKey(identity, {}, { deployed: false });
  await expect(requireLogin({ key: file, identity }, {})).resolves.toBeUndefined();
});
