import { mkdtemp, rm, stat, writeFile, readFile, readdir, chmod } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateDeploymentKey } from "../../../../lib/ssh/deployment-key.ts";
import { hostKeyPair, loginKeyPair } from "../../../../lib/ssh/deployment-secrets.ts";
import { ed25519KeyPair } from "../../../../lib/ssh/key-pair.ts";
import { knownHostsFile } from "../../../../lib/ssh/known-hosts.ts";
import { publicKeyFingerprint } from "../../../../lib/ssh/public-key.ts";
import { writeKeyFile } from "../../../../lib/ssh/write-key-file.ts";
import { isInstalled } from "./programs.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-keygen-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(!isInstalled("ssh-keygen"))("as ssh-keygen sees it", () => {
  test("a private key file holds the public key that we say, for any seed and comment length", async () => {
    const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const comments = fc.string({ unit: fc.constantFrom("a", "Z", "7", "-", "@", " x"), minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(seeds, comments, async (seed, comment) => {
        const { privateKey, publicKey } = ed25519KeyPair(seed, comment);
        await writeKeyFile(join(folder, "any"), privateKey);
        const { stdout } = await execa("ssh-keygen", ["-y", "-P", "", "-f", join(folder, "any")]);
        expect(stdout).toBe(publicKey);
      }),
      { numRuns: 40 },
    );
  });

  test("a fingerprint is what -l prints, for its own kinds of keys, too", async () => {
    const key = generateDeploymentKey();
    await writeFile(join(folder, "mine.pub"), `${hostKeyPair(key, "web").publicKey}\n`);
    await execa("ssh-keygen", ["-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", join(folder, "rsa")]);
    await execa("ssh-keygen", ["-q", "-t", "ecdsa", "-N", "", "-f", join(folder, "ecdsa")]);
    for (const file of ["mine.pub", "rsa.pub", "ecdsa.pub"]) {
      const { stdout } = await execa("ssh-keygen", ["-l", "-f", join(folder, file)]);
      expect(stdout.split(" ")[1]).toBe(publicKeyFingerprint(await readFile(join(folder, file), "utf8")));
    }
  });

  test("what it signs with the private key it verifies with the public key, and with no other", async () => {
    const key = generateDeploymentKey();
    const login = loginKeyPair(key);
    await writeKeyFile(join(folder, "login"), login.privateKey);
    const { stdout: signature } = await execa("ssh-keygen", ["-Y", "sign", "-f", join(folder, "login"), "-n", "file"], { input: "hello" });
    await writeFile(join(folder, "signature"), `${signature}\n`);
    const verify = async (publicKey: string): Promise<number | undefined> => {
      await writeFile(join(folder, "signers"), `me ${publicKey}\n`);
      const args = ["-Y", "verify", "-f", join(folder, "signers"), "-I", "me", "-n", "file", "-s", join(folder, "signature")];
      const { exitCode } = await execa("ssh-keygen", args, { input: "hello", reject: false });
      return exitCode;
    };
    expect(await verify(login.publicKey)).toBe(0);
    expect(await verify(hostKeyPair(key, "web").publicKey)).not.toBe(0);
  });

  test("it finds the hosts of a known_hosts file", async () => {
    const { publicKey } = hostKeyPair(generateDeploymentKey(), "web");
    const file = join(folder, "known_hosts");
    await writeFile(
      file,
      knownHostsFile([
        { host: "web.shop.terrarium", publicKey },
        { host: "127.0.0.1", port: 2222, publicKey },
      ]),
    );
    for (const host of ["web.shop.terrarium", "[127.0.0.1]:2222"]) {
      const { stdout } = await execa("ssh-keygen", ["-F", host, "-f", file]);
      expect(stdout).toContain(publicKey.split(" ")[1]);
    }
    expect((await execa("ssh-keygen", ["-F", "127.0.0.1", "-f", file], { reject: false })).exitCode).toBe(1);
  });
});

test("a key file has mode 0600 whatever was there before, and is replaced whole", async () => {
  const path = join(folder, "key");
  await writeFile(path, "old");
  await chmod(path, 0o644);
  await writeKeyFile(path, "new");
  expect(await readFile(path, "utf8")).toBe("new");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test("a key file that cannot be written leaves nothing behind and says where", async () => {
  const before = await readdir(folder);
  const notThere = join(folder, "no", "key");
  await expect(writeKeyFile(notThere, "x")).rejects.toThrow(`KEY_FILE_NOT_WRITTEN: expected to write ${notThere}`);
  await writeFile(join(folder, "plain"), "");
  await expect(writeKeyFile(join(folder, "plain", "key"), "x")).rejects.toThrow("KEY_FILE_NOT_WRITTEN");
  await rm(join(folder, "plain"));
  // A folder in its place: the new file is complete, only its last step fails.
  await expect(writeKeyFile(folder, "x")).rejects.toThrow("KEY_FILE_NOT_WRITTEN");
  expect(await readdir(folder)).toEqual(before);
  expect((await readdir(tmpdir())).filter((name) => name.startsWith(`${folder.split("/").pop()}.`))).toEqual([]);
});
