import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa, type ResultPromise } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostPaths } from "../../../../lib/host/host-directory.ts";
import { inHostNetwork } from "../../../../lib/host/proxy-command.ts";
import { makeLabRunner, tinyLab, whyNoLabs, type LabRunner, type TestedProvider } from "../../../fixtures/lab-runner.ts";

/** `lan` is a bridge that somebody else has made, with a DHCP server of somebody else's: here, this test. */
const lab = {
  lab: "modes",
  networks: {
    dmz: { mode: "routed", cidr: "10.78.1.0/24" },
    back: { mode: "isolated", cidr: "10.78.2.0/24" },
    lan: { mode: "bridged", bridge: "br-lan" },
    wire: { mode: "none", cidr: "10.78.4.0/24" },
  },
  sandboxes: {
    edge: { networks: ["dmz", "wire"] },
    guest: { networks: ["lan", "back", { name: "wire", ip: "10.78.4.2" }] },
  },
};

// Both take the same networks; the whole run boots them under both.
const tested: readonly TestedProvider[] = process.env["TERRARIUM_TEST_FULL"] === "1" ? ["terrarium", "libvirt"] : ["terrarium"];

const whys = { libvirt: await whyNoLabs(), terrarium: await whyNoLabs("terrarium") };

describe.each(tested)("with provider %s", (provider) => {
  const why = whys[provider];
  let labs: LabRunner;
  let dhcp: ResultPromise | undefined;

  /** A program in the host's network. */
  const onHost = (...command: string[]): [string, string[]] => {
    const [program = "", ...args] = inHostNetwork(hostPaths("local", labs.hostDirectory), command);
    return [program, args];
  };
  const runOnHost = async (...command: string[]): Promise<string> => (await execa(...onHost(...command))).stdout;

  beforeAll(async () => {
    if (why !== undefined) return;
    labs = await makeLabRunner();
    await labs.write(await tinyLab({ ...lab, provider }));
    await labs.run(["host", "up"]);
    await runOnHost("ip", "link", "add", "br-lan", "type", "bridge");
    await runOnHost("ip", "address", "add", "10.78.9.1/24", "dev", "br-lan");
    await runOnHost("ip", "link", "set", "br-lan", "up");
    const leases = join(labs.directory, "leases");
    dhcp = execa(
      ...onHost(
        ...["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0", "--user=root", "--pid-file="],
        ...["--interface=br-lan", "--bind-interfaces", "--dhcp-range=10.78.9.50,10.78.9.90,5m", `--dhcp-leasefile=${leases}`],
      ),
      { reject: false },
    );
    const { exitCode, stderr } = await labs.run(["apply", "--yes"]);
    if (exitCode !== 0) throw new Error(stderr);
  });

  afterAll(async () => {
    dhcp?.kill();
    await dhcp;
    await labs?.dispose();
  });

  /** What a line of shell says in a sandbox. */
  async function inside(sandbox: string, line: string): Promise<string> {
    const { stdout, stderr, exitCode } = await labs.run(["exec", sandbox, "--", "sh", "-c", line]);
    if (exitCode !== 0) throw new Error(`${line} in ${sandbox}: ${exitCode} ${stderr}`);
    return stdout.trim();
  }

  test.skipIf(why)("a sandbox in a bridged network has the address that somebody else gave it, under a MAC of its deployment", async () => {
    await expect.poll(async () => await readFile(join(labs.directory, "leases"), "utf8"), { timeout: 30_000 }).toContain("10.78.9.");
    const [lease = ""] = (await readFile(join(labs.directory, "leases"), "utf8")).split("\n");
    const [, mac = "", address = ""] = lease.split(" ");
    expect(address).toMatch(/^10\.78\.9\./);
    const [deployment = ""] = await labs.deployments();
    expect(mac.slice(0, 8)).toBe(`02:${deployment.slice(0, 2)}:${deployment.slice(2, 4)}`);
    expect(await inside("guest", "ip -4 -o addr show dev lan | awk '{print $4}'")).toBe(`${address}/24`);
  });

  test.skipIf(why)("a routed network reaches the host under its own addresses: nothing is masqueraded", async () => {
    expect(await inside("edge", "ip route")).toMatch(/^default via 10\.78\.1\.1 /m);
    // The host is on br-lan, too: what comes to it from the sandbox has the sandbox's address.
    expect(await inside("edge", "sudo ping -c 1 -W 3 10.78.9.1 >/dev/null && echo yes")).toBe("yes");
    const rules = await runOnHost("sh", "-c", "iptables-save; nft list ruleset 2>/dev/null || true");
    expect(rules.split("\n").filter((rule) => rule.includes("10.78.1.0/24") && /masquerade/i.test(rule))).toEqual([]);
  });

  test.skipIf(why)(
    "a network of mode none gives nobody an address, not even the host; those that are written reach each other",
    async () => {
      const bridge = /<bridge name='(trm-wire-[^']+)'/.exec(await labs.virsh("net-dumpxml", "modes-wire"))?.[1] ?? "";
      expect(await runOnHost("ip", "-4", "-o", "address", "show", "dev", bridge)).toBe("");
      expect(await inside("edge", "ip -4 -o addr show dev wire; cat /sys/class/net/wire/operstate")).toBe("up");
      expect(await inside("edge", "sudo ip addr add 10.78.4.1/24 dev wire && sudo ping -c 1 -W 3 10.78.4.2 >/dev/null && echo yes")).toBe(
        "yes",
      );
    },
  );

  test.skipIf(why)("an isolated network does not reach outside", async () => {
    const elsewhere = (await labs.run(["ip", "edge"])).stdout.trim();
    expect(elsewhere).toMatch(/^10\.78\.1\./);
    // Even if the guest believes that the host leads there.
    const out = `ping -c 1 -W 2 ${elsewhere} >/dev/null 2>&1 && echo out || echo in`;
    expect(await inside("guest", `sudo ip route add 10.78.1.0/24 via 10.78.2.1 dev back && sudo ${out}`)).toBe("in");
  });

  test.skipIf(why)("the second plan is empty, and nothing of it is left after destroy but what was the host's own", async () => {
    expect(await labs.run(["plan", "--detailed-exitcode"])).toMatchObject({ exitCode: 0, stdout: "No changes.\n" });
    expect(await labs.run(["destroy", "--yes"])).toMatchObject({ exitCode: 0 });
  });
});
