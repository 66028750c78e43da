import { execa, type ResultPromise } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hostPaths } from "../../../../lib/host/host-directory.ts";
import { inHostNetwork } from "../../../../lib/host/proxy-command.ts";
import { makeLabRunner, tinyLab, whyNoLabs, type LabRunner } from "../../../fixtures/lab-runner.ts";

const lab = {
  lab: "set",
  provider: "terrarium",
  networks: {
    front: {
      cidr: "10.79.1.0/24",
      mtu: 1400,
      stp: false,
      ports: "20000-29999",
      dns: { servers: ["127.0.0.53"], records: { "registry.corp.test": "10.9.9.9" } },
      search: ["corp.test"],
    },
  },
  // One that is not there yet is known by name all the same.
  sandboxes: { web: { networks: ["front"] }, late: { networks: ["front"] } },
};

const why = process.env["TERRARIUM_TEST_FULL"] === "1" ? await whyNoLabs("terrarium") : "only in the whole run: TERRARIUM_TEST_FULL=1";
let labs: LabRunner;
let upstream: ResultPromise | undefined;

const onHost = (...command: string[]): [string, string[]] => {
  const [program = "", ...args] = inHostNetwork(hostPaths("local", labs.hostDirectory), command);
  return [program, args];
};

async function inside(sandbox: string, line: string): Promise<string> {
  const { stdout, stderr, exitCode } = await labs.run(["exec", sandbox, "--", "sh", "-c", line]);
  if (exitCode !== 0) throw new Error(`${line} in ${sandbox}: ${exitCode} ${stdout} ${stderr}`);
  return stdout.trim();
}

beforeAll(async () => {
  if (why !== undefined) return;
  labs = await makeLabRunner();
  await labs.write(await tinyLab(lab));
  await labs.run(["host", "up"]);
  const options = ["--keep-in-foreground", "--conf-file=/dev/null", "--user=root", "--pid-file=", "--no-resolv", "--no-hosts"];
  upstream = execa(...onHost("dnsmasq", ...options, "--listen-address=127.0.0.53", "--bind-interfaces", "--address=/up.example/10.4.4.4"), {
    reject: false,
  });
  const { exitCode, stderr } = await labs.run(["apply", "--yes"]);
  if (exitCode !== 0) throw new Error(stderr);
});

afterAll(async () => {
  upstream?.kill();
  await upstream;
  await labs?.dispose();
});

const resolves = "nslookup NAME 2>/dev/null | awk '/^Address/ && !/:53$/ {print $NF}' | tail -n 1";

test.skipIf(why)("a network's bridge and its guests have its MTU: a larger packet goes in two", async () => {
  expect(await inside("web", "cat /sys/class/net/front/mtu")).toBe("1400");
  const bridge = /<bridge name='([^']+)' stp='off'/.exec(await labs.virsh("net-dumpxml", "set-front"))?.[1] ?? "";
  expect((await execa(...onHost("ip", "-o", "link", "show", "dev", bridge))).stdout).toContain("mtu 1400");
  // 28 bytes are headers.
  const ping = (size: number): string => `sudo ping -c 1 -W 2 -s ${size} 10.79.1.1 >/dev/null 2>&1 && echo passes || echo does not`;
  expect(await inside("web", ping(1372))).toBe("passes");
  const sent = await inside(
    "web",
    "cat /sys/class/net/front/statistics/tx_packets; sudo ping -c 1 -s 1373 10.79.1.1 >/dev/null; cat /sys/class/net/front/statistics/tx_packets",
  );
  const [before = 0, after = 0] = sent.split("\n").map(Number);
  expect(after - before).toBeGreaterThanOrEqual(2);
});

test.skipIf(why)("the network's DNS server answers records, asks the servers that were written, and knows sandboxes by name", async () => {
  const names = ["registry.corp.test", "host.up.example", "late.front.set.test", "registry"];
  const lines = [...names.map((name) => resolves.replace("NAME", name)), "cat /etc/resolv.conf"];
  const [record, upstreams, late, short, ...resolver] = (await inside("web", lines.join("; "))).split("\n");
  expect([record, upstreams, short]).toEqual(["10.9.9.9", "10.4.4.4", "10.9.9.9"]);
  expect(late).toBe((await labs.run(["ip", "late"])).stdout.trim());
  expect(resolver.join("\n")).toMatch(/^search .*corp\.test/m);
});

test.skipIf(why)("connections leave from the ports that were written", async () => {
  const rules = (await execa(...onHost("iptables-save", "-t", "nat"))).stdout;
  expect(rules).toMatch(/-s 10\.79\.1\.0\/24 .*MASQUERADE --to-ports 20000-29999/);
});

test.skipIf(why)("a record that changes does so live; the second plan is empty", async () => {
  await labs.write(
    await tinyLab({
      ...lab,
      networks: { front: { ...lab.networks.front, dns: { ...lab.networks.front.dns, records: { "registry.corp.test": "10.9.9.8" } } } },
    }),
  );
  const { stdout } = await labs.run(["apply", "--yes"]);
  expect(stdout).not.toMatch(/reboot/);
  expect(await inside("web", resolves.replace("NAME", "registry.corp.test"))).toBe("10.9.9.8");
  expect(await labs.run(["plan", "--detailed-exitcode"])).toMatchObject({ exitCode: 0, stdout: "No changes.\n" });
});
