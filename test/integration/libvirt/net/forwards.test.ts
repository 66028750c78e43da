import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hostPaths } from "../../../../lib/host/host-directory.ts";
import { inHostNetwork } from "../../../../lib/host/proxy-command.ts";
import { bringForwards, removeForwards } from "../../../../lib/hypervisor/kvm/forwards/bring-forwards.ts";
import { readRelays } from "../../../../lib/hypervisor/kvm/forwards/read-relays.ts";
import { sandboxSpec } from "../../../hypervisor/kvm/specs.ts";
import { makeLabRunner, nothingLeft, tinyLab, whyNoLabs, type LabRunner } from "../../../fixtures/lab-runner.ts";

const lab = {
  lab: "fwd",
  provider: "terrarium",
  sandboxes: { web: { forward: [{ guest: 22 }, { guest: 7000, protocol: "udp" }, { host: 28_123, guest: 9 }] } },
};

const full = process.env["TERRARIUM_TEST_FULL"] === "1";
const why = await whyNoLabs("terrarium");
let labs: LabRunner;

beforeAll(async () => {
  if (why !== undefined) return;
  labs = await makeLabRunner();
  await labs.write(await tinyLab(lab));
  const { exitCode, stderr } = await labs.run(["apply", "--yes"]);
  if (exitCode !== 0) throw new Error(stderr);
});

afterAll(async () => {
  await labs?.dispose();
});

const mine = async () => (await readRelays()).filter(({ pid }) => pid > 0 && before.every((relay) => relay.pid !== pid));
const before = await readRelays();

async function portOf(name: string): Promise<number> {
  const forward = (await mine()).flatMap(({ forwards }) => forwards).find((one) => one.name === name);
  if (!forward) throw new Error(`no forward ${name}`);
  return forward.hostPort;
}

/** What a TCP server says first, or how it refuses to. */
async function greeting(port: number): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port });
  return await new Promise((resolve) => {
    const end = (text: string): void => {
      socket.destroy();
      resolve(text);
    };
    socket.once("data", (data: Buffer) => end(data.toString("utf8")));
    socket.on("error", (error: NodeJS.ErrnoException) => end(error.code ?? "error"));
    socket.setTimeout(20_000, () => end("silence"));
  });
}

async function echo(port: number, text: string): Promise<string> {
  const socket = createSocket("udp4");
  try {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      socket.send(text, port, "127.0.0.1");
      const answer = await once(socket, "message", { signal: AbortSignal.timeout(1000) }).catch(() => undefined);
      if (answer) return (answer[0] as Buffer).toString("utf8");
    }
    return "no answer";
  } finally {
    socket.close();
  }
}

test.skipIf(why)("TCP reaches the guest through a port of the machine, and a port where nobody listens is refused", async () => {
  expect(await greeting(await portOf("tcp-22"))).toMatch(/^SSH-2\.0-/);
  expect(await greeting(28_123)).toBe("ECONNRESET");
});

test.skipIf(why)("a UDP packet arrives in the guest", async () => {
  // Nobody listens there: the guest's kernel counts what it had no port for.
  const count = async (): Promise<number> =>
    Number((await labs.run(["exec", "web", "--", "sh", "-c", "awk '$1 == \"Udp:\" && $3 ~ /[0-9]/ {print $3}' /proc/net/snmp"])).stdout);
  const counted = await count();
  const socket = createSocket("udp4");
  const port = await portOf("udp-7000");
  for (let sent = 0; sent < 3; sent += 1) await new Promise((resolve) => socket.send("hello", port, "127.0.0.1", resolve));
  socket.close();
  await expect.poll(count, { timeout: 30_000 }).toBe(counted + 3);
});

test.skipIf(why)("UDP goes there and back, for each who asks", async () => {
  const enterNetwork = inHostNetwork(hostPaths("local", labs.hostDirectory), []);
  const server = `require("node:dgram").createSocket("udp4").on("message", function (data, { port, address }) { this.send(data, port, address); }).bind(7000, "127.0.0.1")`;
  const [program, ...args] = [...enterNetwork, process.execPath, "-e", server];
  const answering = execa(program, args, { reject: false });
  const forwards = [{ name: "echo", protocol: "udp" as const, hostPort: 0, guestPort: 7000 }];
  const spec = { ...sandboxSpec, nics: [{ mac: "02:00:00:00:00:01", network: "n", address: "127.0.0.1" }], forwards };
  const id = "b7e5a1f4-4a53-4c6e-9d0a-0d7d3f1c9e55";
  try {
    await bringForwards({ uri: hostPaths("local", labs.hostDirectory).uri, enterNetwork }, id, spec);
    const port = await portOf("echo");
    expect(await Promise.all(["one", "two"].map((text) => echo(port, text)))).toEqual(["one", "two"]);
  } finally {
    await removeForwards(id);
    answering.kill();
    await answering;
  }
});

test.skipIf(why)("the ports are in the lock, and on the loopback address only", async () => {
  const [relay] = await mine();
  expect(relay?.forwards.map(({ hostAddress }) => hostAddress)).toEqual(["127.0.0.1", "127.0.0.1", "127.0.0.1"]);
  const lock = await execa("cat", ["terrarium.lock.yaml"], { cwd: labs.directory });
  expect(lock.stdout).toContain(`tcp-22: ${await portOf("tcp-22")}`);
});

test.skipIf(why !== undefined || !full)(
  "forwards go on through a flushed firewall, a killed libvirtd and a reboot of the guest",
  async () => {
    const paths = hostPaths("local", labs.hostDirectory);
    const [program = "", ...args] = inHostNetwork(paths, ["nft", "flush", "ruleset"]);
    await execa(program, args);
    const pid = Number((await execa("cat", [`${paths.directory}/libvirtd.pid`])).stdout);
    process.kill(pid, "SIGKILL");
    expect(await greeting(await portOf("tcp-22"))).toMatch(/^SSH-2\.0-/);
    expect(await labs.run(["restart", "web"])).toMatchObject({ exitCode: 0 });
    expect(await labs.run(["wait", "web"])).toMatchObject({ exitCode: 0 });
    expect(await greeting(await portOf("tcp-22"))).toMatch(/^SSH-2\.0-/);
  },
);

test.skipIf(why !== undefined || !full)(
  "a relay that was killed is seen by the plan, and healed by the apply with the same ports",
  async () => {
    const port = await portOf("tcp-22");
    const [relay] = await mine();
    process.kill(relay?.pid ?? 0, "SIGKILL");
    await expect.poll(async () => (await mine()).length).toBe(0);
    expect((await labs.run(["plan", "--detailed-exitcode"])).exitCode).toBe(2);
    // As long as somebody else has the port, that is told.
    const thief = createServer().listen(28_123, "127.0.0.1");
    await once(thief, "listening");
    const refused = await labs.run(["apply", "--yes"]);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("PORT_TAKEN");
    await new Promise((resolve) => thief.close(resolve));
    expect(await labs.run(["apply", "--yes"])).toMatchObject({ exitCode: 0 });
    expect(await portOf("tcp-22")).toBe(port);
    expect(await greeting(port)).toMatch(/^SSH-2\.0-/);
    expect(await labs.run(["plan", "--detailed-exitcode"])).toMatchObject({ exitCode: 0 });
  },
);

test.skipIf(why)("forwards go with their sandbox", async () => {
  expect(await labs.run(["destroy", "--yes"])).toMatchObject({ exitCode: 0 });
  expect(await mine()).toEqual([]);
  expect(await labs.count()).toEqual(nothingLeft);
});
