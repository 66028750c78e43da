import { once } from "node:events";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Diagnostic } from "../../../../lib/diagnostics/diagnostic.ts";
import { generateDeploymentKey } from "../../../../lib/ssh/deployment-key.ts";
import { hostKeyPair, loginKeyPair } from "../../../../lib/ssh/deployment-secrets.ts";
import { knownHostsFile } from "../../../../lib/ssh/known-hosts.ts";
import { runOverSsh } from "../../../../lib/ssh/run-over-ssh.ts";
import { scpCommand } from "../../../../lib/ssh/scp-command.ts";
import type { SshConfigEntry } from "../../../../lib/ssh/ssh-config.ts";
import { sshCommand } from "../../../../lib/ssh/ssh-command.ts";
import { explainSshFailure } from "../../../../lib/ssh/ssh-failure.ts";
import { writeKeyFile } from "../../../../lib/ssh/write-key-file.ts";
import { Duration } from "../../../../lib/units/duration.ts";
import { freePort, startDropbear, type SshServer } from "./dropbear-server.ts";
import { hasNamespaces, isInstalled } from "./programs.ts";

const connectProgram = join(import.meta.dirname, "connect.mjs");
const connectTimeout = Duration.seconds(1);

/** A port of loopback where every connection is treated like this. */
async function listen(treat: (socket: Socket) => void): Promise<number> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => socket.destroy());
    treat(socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  });
  return (server.address() as AddressInfo).port;
}

describe.skipIf(!isInstalled("dropbear") || !isInstalled("ssh") || !hasNamespaces())("what real ssh says is explained", () => {
  let server: SshServer;
  beforeAll(async () => {
    server = await startDropbear();
  });
  afterAll(() => server?.stop());

  async function failureWith(change: Partial<SshConfigEntry>): Promise<Diagnostic | undefined> {
    const configFile = await server.configure(change);
    const result = await runOverSsh({ configFile, sandbox: "web", command: ["true"], connectTimeout });
    expect(result).toMatchObject({ exitCode: undefined, timedOut: false, canceled: false, failure: { severity: "error" } });
    expect(result.failure?.summary).toContain('sandbox "web"');
    expect(result.failure?.nextStep).not.toBe("");
    return result.failure;
  }

  test("another host key", async () => {
    const knownHosts = join(server.folder, "known other");
    const { publicKey } = hostKeyPair(generateDeploymentKey(), "web");
    await writeFile(knownHosts, knownHostsFile([{ host: "web.shop.terrarium", publicKey }]));
    expect(await failureWith({ knownHostsFile: knownHosts })).toMatchObject({ code: "SSH_HOST_KEY_CHANGED" });
  });

  test("no known host key, or no file of them", async () => {
    const empty = join(server.folder, "known none");
    await writeFile(empty, "");
    expect(await failureWith({ knownHostsFile: empty })).toMatchObject({ code: "SSH_HOST_KEY_UNKNOWN" });
    expect(await failureWith({ knownHostsFile: join(server.folder, "nowhere") })).toMatchObject({ code: "SSH_HOST_KEY_UNKNOWN" });
  });

  test("a key that is not authorized or not there, and a user that is not there", async () => {
    const identityFile = join(server.folder, "other login");
    await writeKeyFile(identityFile, loginKeyPair(generateDeploymentKey()).privateKey);
    expect(await failureWith({ identityFile })).toMatchObject({ code: "SSH_PERMISSION_DENIED" });
    expect(await failureWith({ identityFile: join(server.folder, "no login") })).toMatchObject({ code: "SSH_PERMISSION_DENIED" });
    expect(await failureWith({ user: "nobody-here" })).toMatchObject({ code: "SSH_PERMISSION_DENIED" });
  });

  test("a private key that others may read, or that is broken", async () => {
    const identityFile = join(server.folder, "open login");
    await writeKeyFile(identityFile, await readFile(server.entry.identityFile, "utf8"));
    await chmod(identityFile, 0o644);
    expect(await failureWith({ identityFile })).toMatchObject({ code: "SSH_KEY_UNUSABLE" });
    await writeKeyFile(identityFile, "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n");
    expect(await failureWith({ identityFile })).toMatchObject({ code: "SSH_KEY_UNUSABLE" });
  });

  test("a port where nobody listens", async () => {
    expect(await failureWith({ port: await freePort() })).toMatchObject({
      code: "SSH_REFUSED",
      detail: expect.stringMatching(/^ssh: connect to host 127\.0\.0\.1 port \d+: Connection refused$/),
    });
  });

  test("a server that accepts and says nothing", async () => {
    const port = await listen(() => undefined);
    expect(await failureWith({ port })).toMatchObject({ code: "SSH_TIMEOUT" });
  });

  test("a server that hangs up, or that speaks something else", async () => {
    const hangsUp = await listen((socket) => socket.end());
    expect(await failureWith({ port: hangsUp })).toMatchObject({ code: "SSH_CLOSED" });
    const otherwise = await listen((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect(await failureWith({ port: otherwise })).toMatchObject({ code: "SSH_CLOSED" });
  });

  test("a proxy whose target refuses, and a proxy that cannot even start", async () => {
    const proxyCommand = [process.execPath, connectProgram, "%h", "%p"];
    expect(await failureWith({ proxyCommand, port: await freePort() })).toMatchObject({ code: "SSH_REFUSED" });
    expect(await failureWith({ proxyCommand: ["nsenter", "--net=/run/netns/no such", "true"] })).toMatchObject({
      code: "SSH_CLOSED",
      detail: expect.stringContaining("/run/netns/no such"),
    });
  });

  test("a connection that is lost while a command runs", async () => {
    const configFile = await server.configure();
    const command = "kill -9 $PPID; sleep 30";
    expect((await runOverSsh({ configFile, sandbox: "web", command })).failure).toMatchObject({ code: "SSH_CLOSED" });
  });

  test("a server that hangs up in the middle of the login, of which ssh says nothing by itself", async () => {
    const port = await listen((socket) => socket.write("SSH-2.0-test\r\n", () => socket.once("data", () => socket.end())));
    expect(await failureWith({ port })).toMatchObject({
      code: "SSH_CLOSED",
      detail: expect.stringMatching(/^Connection (closed|reset) by 127\.0\.0\.1 port \d+$/),
    });
  });

  test("a server that falls silent while a command runs", async () => {
    const configFile = join(server.folder, "impatient");
    await writeFile(
      configFile,
      `Host *\n  ServerAliveInterval 1\n  ServerAliveCountMax 1\n${await readFile(await server.configure(), "utf8")}`,
    );
    const result = await runOverSsh({ configFile, sandbox: "web", command: "kill -STOP $PPID; sleep 30" });
    expect(result.failure).toMatchObject({ code: "SSH_TIMEOUT", detail: "Timeout, server 127.0.0.1 not responding." });
  });

  test("a configuration that ssh cannot read", async () => {
    const configFile = join(server.folder, "broken");
    await writeFile(configFile, "NoSuchOption yes\n");
    expect((await runOverSsh({ configFile, sandbox: "web", command: ["true"] })).failure).toMatchObject({
      code: "SSH_FAILED",
      detail: expect.stringContaining("Bad configuration option: nosuchoption"),
    });
  });

  test("an address without a route, and one where nobody is", async () => {
    const logFile = join(server.folder, "log");
    const inEmptyNetwork = async (setup: string, address: string, seconds: number): Promise<Diagnostic | undefined> => {
      await writeFile(logFile, "");
      const configFile = await server.configure({ address });
      const command = sshCommand({ configFile, sandbox: "web", command: ["true"], connectTimeout: Duration.seconds(seconds), logFile });
      const { exitCode } = await execa("unshare", ["--net", "sh", "-c", `${setup} exec "$@"`, "sh", ...command], { reject: false });
      expect(exitCode).toBe(255);
      return explainSshFailure(await readFile(logFile, "utf8"), "web");
    };
    const emptyLan =
      "ip link set dev lo up && ip link add name near type veth peer name far && ip link set dev near up && ip link set dev far up && ip addr add 10.1.2.1/24 dev near &&";
    expect(await inEmptyNetwork("", "10.1.2.3", 5)).toMatchObject({ code: "SSH_NO_ROUTE" });
    expect(await inEmptyNetwork(emptyLan, "10.1.2.3", 10)).toMatchObject({ code: "SSH_NO_ROUTE" });
    expect(await inEmptyNetwork(emptyLan, "10.1.2.3", 1)).toMatchObject({ code: "SSH_TIMEOUT" });
    expect(await inEmptyNetwork("", "web.no-such-host.test", 1)).toMatchObject({ code: "SSH_NO_ROUTE" });
  });

  test("scp's messages, which come on its standard error", async () => {
    const configFile = await server.configure({ port: await freePort() });
    const [program, ...args] = scpCommand({ configFile, from: [{ sandbox: "web", path: "x" }], to: { path: "." } });
    const { exitCode, stderr } = await execa(program, args, { reject: false });
    expect(exitCode).toBe(255);
    expect(explainSshFailure(stderr, "web")).toMatchObject({ code: "SSH_REFUSED" });
  });
});

test("a machine without ssh is one clear error", async () => {
  const path = process.env.PATH;
  onTestFinished(() => {
    process.env.PATH = path;
  });
  process.env.PATH = "/nonexistent";
  await expect(runOverSsh({ configFile: "/nonexistent", sandbox: "web" })).rejects.toThrow(
    'SSH_MISSING: expected OpenSSH\'s "ssh" on PATH',
  );
});
