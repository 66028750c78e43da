import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostPaths } from "../../../../lib/host/host-directory.ts";
import { inHostNetwork } from "../../../../lib/host/proxy-command.ts";
import { imagesDirectory } from "../../../../lib/images/placed-images.ts";
import { tinyImage } from "../../../fixtures/embedded-host.ts";
import { makeLabRunner, nothingLeft, providers, tinyLab, whyNoLabs, type LabRunner } from "../../../fixtures/lab-runner.ts";
import { execa } from "execa";

/** Three sandboxes, two networks: `web` is in both, `db` only in the isolated one, `lone` has a NAT network of its own. */
const lab = {
  lab: "trio",
  networks: { front: { mode: "nat", cidr: "10.77.1.0/24" }, back: { mode: "isolated", cidr: "10.77.2.0/24" } },
  sandboxes: {
    web: { networks: [{ name: "front", ip: "10.77.1.10" }, "back"], labels: { agent_id: "a-1" } },
    db: { networks: [{ name: "back", ip: "10.77.2.20" }] },
    lone: {},
  },
};

const whys = { libvirt: await whyNoLabs(), terrarium: await whyNoLabs("terrarium") };

/** Pings each target once; `name: yes` or `name: no`. */
const pings = (targets: readonly string[]): string =>
  targets
    .map((target) => `if sudo ping -c 1 -W 3 ${target} >/dev/null 2>&1; then echo ${target}: yes; else echo ${target}: no; fi`)
    .join("; ");

interface Status {
  readonly sandboxes: readonly {
    readonly name: string;
    readonly nics: readonly { readonly network: string; readonly address: string }[];
  }[];
}

describe.each(providers)("with provider %s", (provider) => {
  const why = whys[provider];
  let labs: LabRunner;

  beforeAll(async () => {
    if (why !== undefined) return;
    labs = await makeLabRunner();
    await labs.write(await tinyLab({ ...lab, provider }));
    const { exitCode, stderr } = await labs.run(["apply", "--yes"]);
    if (exitCode !== 0) throw new Error(stderr);
  });

  afterAll(async () => {
    // Destroyed by the last test; here is what a failure left.
    await labs?.dispose();
  });

  /** What a line of shell says in a sandbox. */
  async function inside(sandbox: string, line: string): Promise<string> {
    const { stdout, stderr, exitCode } = await labs.run(["exec", sandbox, "--", "sh", "-c", line]);
    if (exitCode !== 0) throw new Error(`${line} in ${sandbox}: ${exitCode} ${stderr}`);
    return stdout.trim();
  }

  async function addressOf(sandbox: string, network: string): Promise<string> {
    const { stdout } = await labs.run(["synth", "--print-lab", "--json"]);
    const { sandboxes } = JSON.parse(stdout) as { sandboxes: Record<string, Status["sandboxes"][number]> };
    return sandboxes[sandbox]?.nics.find((nic) => nic.network === network)?.address ?? "";
  }

  test.skipIf(why)("sandboxes of one network reach each other by name, short and long", async () => {
    expect(await inside("web", pings(["db", "db.back.trio.test"]))).toBe("db: yes\ndb.back.trio.test: yes");
    expect(await inside("db", pings(["web", "web.back.trio.test"]))).toBe("web: yes\nweb.back.trio.test: yes");
  });

  test.skipIf(why)(
    "a sandbox of an isolated network has no way out of it: no default route, no other network, no host on another network",
    async () => {
      const lone = await addressOf("lone", "lone");
      expect(await inside("db", "ip route")).not.toContain("default");
      expect(await inside("db", pings(["10.77.1.10", lone]))).toBe(`10.77.1.10: no\n${lone}: no`);
    },
  );

  test.skipIf(why)("a sandbox with a network of its own leads out, and reaches no other sandbox", async () => {
    const back = await addressOf("web", "back");
    expect(await inside("lone", "ip route")).toMatch(/^default via /m);
    expect(await inside("lone", pings(["10.77.1.10", back, "10.77.2.20"]))).toBe(`10.77.1.10: no\n${back}: no\n10.77.2.20: no`);
    expect(await inside("web", pings([await addressOf("lone", "lone"), "10.77.2.20"]))).toMatch(/: no\n10\.77\.2\.20: yes$/);
  });

  test.skipIf(why)("every NIC has its network's name and the address that the plan and the lock say", async () => {
    const addresses = await inside("web", "ip -4 -o addr show | awk '{print $2, $4}' | sort");
    expect(addresses).toBe(`back ${await addressOf("web", "back")}/24\nfront 10.77.1.10/24\nlo 127.0.0.1/8`);
    expect(await readFile(join(labs.directory, "terrarium.lock.yaml"), "utf8")).toContain("10.77.1.10");
  });

  test.skipIf(why)("the second plan is empty", async () => {
    expect(await labs.run(["plan", "--detailed-exitcode"])).toMatchObject({ exitCode: 0, stdout: "No changes.\n" });
  });

  test.skipIf(why)("objects carry the deployment's id, lab and labels; consoles and screens listen on no port", async () => {
    const [deployment] = await labs.deployments();
    const domain = await labs.virsh("dumpxml", "trio-web");
    expect(domain).toContain(deployment);
    expect(domain).toContain("agent_id");
    expect(domain).toContain("a-1");
    expect(await labs.virsh("net-dumpxml", "trio-front")).toContain(deployment);
    expect(domain).toMatch(/<graphics type='vnc' socket='[^']+'>/);
    expect(domain).toMatch(/<serial type='pty'>/);
    const [program = "", ...args] = inHostNetwork(hostPaths("local", labs.hostDirectory), ["ss", "-H", "-l", "-n", "-t", "-p"]);
    const { stdout } = await execa(program, args);
    expect(stdout.split("\n").filter((line) => !line.includes('"dnsmasq"'))).toEqual([]);
  });

  test.skipIf(why)("images are read-only and stay as they were, whatever guests write", async () => {
    const image = await readFile(await tinyImage());
    const digest = createHash("sha256").update(image).digest("hex");
    const placed = join(imagesDirectory, `${digest}.qcow2`);
    await inside("web", "echo written >/var/lib/tiny/note; sync");
    expect(
      createHash("sha256")
        .update(await readFile(placed))
        .digest("hex"),
    ).toBe(digest);
    expect((await stat(placed)).mode & 0o222).toBe(0);
  });

  test.skipIf(why)("destroy removes everything that apply made", async () => {
    expect(await labs.count()).toMatchObject({ domains: { length: 3 }, networks: { length: 3 }, pools: { length: 1 } });
    const { exitCode, stdout } = await labs.run(["destroy", "--yes"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'Lab "trio" is gone.\n' });
    expect(await labs.count()).toEqual(nothingLeft);
  });
});
