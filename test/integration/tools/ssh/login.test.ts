import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { controlPath } from "../../../../lib/ssh/control-path.ts";
import { quoteForRemoteShell } from "../../../../lib/ssh/quote.ts";
import { runOverSsh } from "../../../../lib/ssh/run-over-ssh.ts";
import { scpCommand } from "../../../../lib/ssh/scp-command.ts";
import { sharedConnectionCommand, sshCommand } from "../../../../lib/ssh/ssh-command.ts";
import { Duration } from "../../../../lib/units/duration.ts";
import { startDropbear, type SshServer } from "./dropbear-server.ts";
import { hasNamespaces, isInstalled } from "./programs.ts";

const connectProgram = join(import.meta.dirname, "connect.mjs");

describe.skipIf(!isInstalled("dropbear") || !isInstalled("ssh") || !hasNamespaces())("a sandbox on loopback", () => {
  let server: SshServer;
  let configFile = "";
  beforeAll(async () => {
    server = await startDropbear();
    configFile = await server.configure();
  });
  afterAll(() => server?.stop());

  test("the first login with our key to our host key succeeds, under both names, with plain ssh", async () => {
    for (const name of ["web", "web.shop"]) {
      const { stdout } = await execa("ssh", ["-F", configFile, name, "echo $HOME"]);
      expect(stdout).toBe(server.folder);
    }
  });

  test("ssh includes the file from a user's own", async () => {
    const folder = await mkdtemp(join(tmpdir(), "ssh own "));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await copyFile(configFile, join(folder, "lab"));
    await writeFile(join(folder, "own"), `Include "${folder}/lab"\nHost *\n  User nobody\n  StrictHostKeyChecking no\n`);
    expect((await execa("ssh", ["-F", join(folder, "own"), "web", "echo in"])).stdout).toBe("in");
  });

  test("nothing is learned: known_hosts stays as it was written", async () => {
    const before = await readFile(server.entry.knownHostsFile, "utf8");
    await runOverSsh({ configFile, sandbox: "web", command: ["true"] });
    expect(await readFile(server.entry.knownHostsFile, "utf8")).toBe(before);
  });

  test("output, errors and exit code come back apart", async () => {
    const result = await runOverSsh({ configFile, sandbox: "web", command: "echo out; echo err >&2; exit 7" });
    expect(result).toEqual({ exitCode: 7, stdout: "out\n", stderr: "err\n", timedOut: false, canceled: false });
  });

  test("a command that exits 255 with ssh's words on its standard error is no failure of ssh", async () => {
    const result = await runOverSsh({ configFile, sandbox: "web", command: "echo 'Connection refused' >&2; exit 255" });
    expect(result).toEqual({ exitCode: 255, stdout: "", stderr: "Connection refused\n", timedOut: false, canceled: false });
  });

  test("a command that a signal ends is no failure of ssh", async () => {
    const result = await runOverSsh({ configFile, sandbox: "web", command: "kill -9 $$" });
    expect(result).toEqual({ exitCode: 255, stdout: "", stderr: "", timedOut: false, canceled: false });
  });

  test("input, output and exit code can be this process's own", async () => {
    const program = join(import.meta.dirname, "pass-through.ts");
    const args = ["--import", "tsx", program, configFile, "cat; echo err >&2; exit 5"];
    const result = await execa(process.execPath, args, { input: "in and out", reject: false });
    expect(result).toMatchObject({ exitCode: 5, stdout: "in and out", stderr: "err" });
  });

  test("input reaches the command, also a large one", async () => {
    const input = "x".repeat(300_000);
    const { stdout } = await runOverSsh({ configFile, sandbox: "web", command: ["cat"], input });
    expect(stdout).toBe(input);
  });

  test("without input the command sees the end of its input at once", async () => {
    expect(await runOverSsh({ configFile, sandbox: "web", command: ["cat"] })).toMatchObject({ exitCode: 0, stdout: "" });
  });

  test("arguments arrive exactly, also such that look like ssh's options", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 4 }), async (written) => {
        const args = written.map((arg) => arg.replaceAll("\0", ""));
        const { stdout } = await runOverSsh({ configFile, sandbox: "web", command: ["printf", "%s\\0", ...args] });
        expect(stdout.split("\0").slice(0, -1)).toEqual(args);
      }),
      { numRuns: 10 },
    );
    expect(await runOverSsh({ configFile, sandbox: "web", command: ["-x"] })).toMatchObject({ exitCode: 127 });
  });

  test("a command that takes too long is stopped, and that is said", async () => {
    const timeout = Duration.milliseconds(600);
    const started = Date.now();
    const result = await runOverSsh({ configFile, sandbox: "web", command: "echo begun; exec sleep 30", timeout });
    expect(result).toMatchObject({ exitCode: undefined, stdout: "begun\n", timedOut: true, canceled: false });
    expect(result.failure).toBeUndefined();
    expect(Date.now() - started).toBeLessThan(5000);
  });

  test("a signal stops a command that runs", async () => {
    const controller = new AbortController();
    const running = runOverSsh({ configFile, sandbox: "web", command: "touch begun; exec sleep 30", signal: controller.signal });
    await expect.poll(() => readdir(server.folder)).toContain("begun");
    controller.abort();
    expect(await running).toMatchObject({ exitCode: undefined, canceled: true, timedOut: false });
  });

  test("a terminal is there if asked for", async () => {
    const [program, ...args] = sshCommand({ configFile, sandbox: "web", command: ["test", "-t", "1"], tty: true });
    // script(1) gives ssh the terminal on this side that it wants.
    const inTerminal = await execa("script", ["-qec", quoteForRemoteShell([program, ...args]), "/dev/null"], {
      reject: false,
      stdin: "ignore",
    });
    expect(inTerminal.exitCode).toBe(0);
    expect(await runOverSsh({ configFile, sandbox: "web", command: ["test", "-t", "1"] })).toMatchObject({ exitCode: 1 });
  });

  test.skipIf(!isInstalled("scp"))("files and folders are copied both ways, names with spaces and shell characters included", async () => {
    const name = "a b'$x*[y];ü";
    await writeFile(join(server.folder, "local"), "content");
    const copy = (command: readonly [string, ...string[]]): ReturnType<typeof execa> =>
      execa(command[0], command.slice(1), { cwd: server.folder });
    const withoutSftp = true;
    await copy(scpCommand({ configFile, from: [{ path: "local" }], to: { sandbox: "web", path: name }, withoutSftp }));
    expect(await readFile(join(server.folder, name), "utf8")).toBe("content");
    await copy(scpCommand({ configFile, from: [{ sandbox: "web", path: name }], to: { path: "b:c" }, withoutSftp }));
    expect(await readFile(join(server.folder, "b:c"), "utf8")).toBe("content");
    await mkdir(join(server.folder, "tree/deep"), { recursive: true });
    await writeFile(join(server.folder, "tree/deep/leaf"), "leaf");
    await copy(scpCommand({ configFile, from: [{ sandbox: "web", path: "tree" }], to: { path: "tree 2" }, recursive: true, withoutSftp }));
    expect(await readFile(join(server.folder, "tree 2/deep/leaf"), "utf8")).toBe("leaf");
    await copy(scpCommand({ configFile, from: [{ sandbox: "web", path: name }], to: { sandbox: "web", path: "third" }, withoutSftp }));
    expect(await readFile(join(server.folder, "third"), "utf8")).toBe("content");
  });

  test("a proxy whose path has spaces and percent signs carries the connection", async () => {
    const program = join(server.folder, "connect 50%h");
    await writeFile(program, `#!/bin/sh\nexec ${quoteForRemoteShell([process.execPath, connectProgram])} "$@"\n`, { mode: 0o755 });
    const proxied = await server.configure({ proxyCommand: [program, "%h", "%p"] });
    expect(await runOverSsh({ configFile: proxied, sandbox: "web", command: ["echo", "in"] })).toMatchObject({
      exitCode: 0,
      stdout: "in\n",
    });
  });

  test("a shared connection serves further commands without a login, and ends when told", async () => {
    const socket = controlPath([server.folder], ["web"]);
    expect(socket).toBeDefined();
    const proxyCommand = [process.execPath, connectProgram, "%h", "%p"];
    const shared = await server.configure({ controlPath: socket, proxyCommand });
    const [program, ...check] = sharedConnectionCommand(shared, "web", "check");
    try {
      expect((await execa(program, check, { reject: false })).exitCode).toBe(255);
      expect(await runOverSsh({ configFile: shared, sandbox: "web", command: ["echo", "1"] })).toMatchObject({
        exitCode: 0,
        stdout: "1\n",
      });
      expect((await execa(program, check)).exitCode).toBe(0);
      expect(await runOverSsh({ configFile: shared, sandbox: "web", command: "exit 255" })).toEqual({
        exitCode: 255,
        stdout: "",
        stderr: "",
        timedOut: false,
        canceled: false,
      });
      // No login: a key that is not there is not missed.
      const withoutKey = await server.configure({ controlPath: socket, proxyCommand, identityFile: "/nonexistent" });
      expect(await runOverSsh({ configFile: withoutKey, sandbox: "web", command: "echo 2; exit 3" })).toMatchObject({
        exitCode: 3,
        stdout: "2\n",
      });
    } finally {
      await execa(program, sharedConnectionCommand(shared, "web", "exit").slice(1), { reject: false });
    }
    expect((await execa(program, check, { reject: false })).exitCode).toBe(255);
  });
});

describe.skipIf(!isInstalled("dropbear") || !isInstalled("ssh") || !hasNamespaces())("a sandbox in another network namespace", () => {
  let server: SshServer;
  beforeAll(async () => {
    server = await startDropbear({ ownNetwork: true });
  });
  afterAll(() => server?.stop());

  test("it is reached through nsenter, and only so", async () => {
    const proxyCommand = ["nsenter", `--net=/proc/${server.pid}/ns/net`, process.execPath, connectProgram, "%h", "%p"];
    const through = await server.configure({ proxyCommand });
    expect(await runOverSsh({ configFile: through, sandbox: "web", command: ["echo", "in"] })).toMatchObject({
      exitCode: 0,
      stdout: "in\n",
    });
    const direct = await server.configure();
    expect((await runOverSsh({ configFile: direct, sandbox: "web", command: ["true"] })).failure).toMatchObject({ code: "SSH_REFUSED" });
  });
});
