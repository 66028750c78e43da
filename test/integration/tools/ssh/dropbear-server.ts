import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { hostKeyPair, loginKeyPair } from "../../../../lib/ssh/deployment-secrets.ts";
import { generateDeploymentKey } from "../../../../lib/ssh/deployment-key.ts";
import { hostKeyAlias, knownHostsFile } from "../../../../lib/ssh/known-hosts.ts";
import { sshConfig, type SshConfigEntry } from "../../../../lib/ssh/ssh-config.ts";
import { writeKeyFile } from "../../../../lib/ssh/write-key-file.ts";

/** A real SSH server that stands for sandbox "web" of lab "shop". */
export interface SshServer {
  /** Its own folder; its name has what an ssh_config or a shell would read, as users' folders may. Also the home directory there. */
  readonly folder: string;
  readonly port: number;
  readonly pid: number;
  readonly entry: SshConfigEntry;
  /** Writes an ssh_config for it, with changes, and returns its path. */
  readonly configure: (change?: Partial<SshConfigEntry>) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/**
 * Starts dropbear on loopback with our host key, our login key authorized and the user's home directory replaced: all in mount and
 * process namespaces of its own, so that nothing of the machine is touched and no command outlives it.
 *
 * @param ownNetwork in a network namespace of its own, which only `nsenter` reaches
 */
export async function startDropbear({ ownNetwork = false } = {}): Promise<SshServer> {
  const folder = await mkdtemp(join(tmpdir(), String.raw`ssh 100%h "q" \ $x '#`));
  const key = generateDeploymentKey();
  const login = loginKeyPair(key);
  const host = hostKeyPair(key, "web");
  await mkdir(join(folder, ".ssh"), { mode: 0o700 });
  await writeFile(join(folder, ".ssh/authorized_keys"), `${login.publicKey}\n`, { mode: 0o600 });
  const { username, uid, gid } = userInfo();
  await writeFile(join(folder, "passwd"), `${username}:x:${uid}:${gid}::${folder}:/bin/sh\n`);
  await writeKeyFile(join(folder, "login"), login.privateKey);
  await writeKeyFile(join(folder, "host"), host.privateKey);
  await writeFile(join(folder, "known_hosts"), knownHostsFile([{ host: hostKeyAlias("web", "shop"), publicKey: host.publicKey }]));
  await execa("dropbearconvert", ["openssh", "dropbear", join(folder, "host"), join(folder, "host.dropbear")]);

  const port = ownNetwork ? 2222 : await freePort();
  const script =
    'mount --bind "$1/passwd" /etc/passwd && { [ "$3" = host ] || ip link set lo up; } && exec dropbear -F -E -s -r "$1/host.dropbear" -p "127.0.0.1:$2" -P "$1/pid"';
  const server = spawn(
    "unshare",
    [
      "--mount",
      "--pid",
      "--fork",
      "--kill-child",
      ...(ownNetwork ? ["--net"] : []),
      "sh",
      "-c",
      script,
      "sh",
      folder,
      String(port),
      ownNetwork ? "own" : "host",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const ended = once(server, "exit");
  const stop = async (): Promise<void> => {
    if (server.exitCode === null && server.signalCode === null) {
      // Ends the process namespace, and so whatever commands still run.
      server.kill("SIGKILL");
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  };
  const messages: string[] = [];
  server.stderr.setEncoding("utf8").on("data", (text: string) => messages.push(text));
  const pid = server.pid ?? 0;
  const isListening = ownNetwork ? () => listensInNetworkOf(pid, port) : () => listens(port);
  for (let attempt = 0; !(await isListening()); attempt += 1) {
    if (attempt === 100 || server.exitCode !== null) {
      await stop();
      throw new Error(`dropbear does not listen: ${messages.join("")}`);
    }
    await delay(50);
  }

  const entry: SshConfigEntry = {
    sandbox: "web",
    lab: "shop",
    user: username,
    address: "127.0.0.1",
    port,
    identityFile: join(folder, "login"),
    knownHostsFile: join(folder, "known_hosts"),
  };
  let files = 0;
  const configure = async (change: Partial<SshConfigEntry> = {}): Promise<string> => {
    files += 1;
    const path = join(folder, `config ${files}`);
    await writeFile(path, sshConfig([{ ...entry, ...change }]));
    return path;
  };
  return { folder, port, pid, entry, configure, stop };
}

/** A port of loopback that nobody listens at. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => resolve(false));
    // Wait for the banner: the port may be another program's.
    socket.once("data", (data) => {
      socket.destroy();
      resolve(data.toString("latin1").startsWith("SSH-2.0-dropbear"));
    });
  });
}

async function listensInNetworkOf(pid: number, port: number): Promise<boolean> {
  const { stdout } = await execa("nsenter", [`--net=/proc/${pid}/ns/net`, "ss", "-Hltn", `sport = :${port}`], { reject: false });
  return typeof stdout === "string" && stdout.includes(`:${port}`);
}
