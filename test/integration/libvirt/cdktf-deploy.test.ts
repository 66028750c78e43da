import { execa } from "execa";
import { createHash } from "node:crypto";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasLibvirtProvider, whyNot } from "../../../scripts/tier-needs.ts";
import { cdkCli, type CdkCli, type CdkCliName } from "../../fixtures/cdk-clis.ts";
import { makeHost, tinyImage, type RemovableHost } from "../../fixtures/embedded-host.ts";
import { packPackage, type PackedPackage } from "../../fixtures/packed-project.ts";

const noLibvirt = await whyNot("libvirt");
const noProvider = noLibvirt ?? ((await hasLibvirtProvider()) ? undefined : "the libvirt provider 0.9.7 is not installed");

interface Way {
  readonly cli: CdkCliName;
  readonly provider: "libvirt" | "terrarium";
}

/** Both drive an app in the same way; the archived one is what the design names. */
const ways: readonly Way[] = (process.env["TERRARIUM_TEST_FULL"] ? (["cdktf", "cdktn"] as const) : (["cdktf"] as const)).flatMap((cli) => [
  { cli, provider: "libvirt" },
  { cli, provider: "terrarium" },
]);
const folder = "cdktf.out/stacks/two-tier";

let packed: PackedPackage;
let host: RemovableHost;
beforeAll(async () => {
  if (noLibvirt !== undefined) return;
  packed = await packPackage();
  host = await makeHost({ name: "local" });
});
afterAll(async () => {
  await host?.remove();
  await packed?.remove();
});

/** The example with the tiny image, which has no cloud-init to wait for. */
async function exampleWithTinyImage(provider: Way["provider"]): Promise<string> {
  const path = await tinyImage();
  const sha256 = createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
  return await packed.makeExample({
    change: (program) =>
      replaced(
        replaced(program, '{ bootstrap: { suite: "bookworm" } }', JSON.stringify({ path, sha256 })),
        "  lock:",
        `  provider: "${provider}",\n  defaults: { ready: "ssh" },\n  lock:`,
      ),
  });
}

function replaced(text: string, part: string, by: string): string {
  if (!text.includes(part)) throw new Error(`the example has changed: it has no ${part}`);
  return text.replace(part, by);
}

/** Everything that libvirt has on the host, by name, and the volumes' folders of the lab. */
async function objects(): Promise<string[]> {
  const lists = ["list", "net-list", "pool-list"].map(async (kind) => {
    const { stdout } = await execa("virsh", ["--connect", host.uri, kind, "--all", "--name"], { env: { LC_ALL: "C" } });
    return stdout.split("\n").filter((name) => name !== "");
  });
  return (await Promise.all(lists)).flat().toSorted();
}

const poolsFolder = "/var/lib/terrarium/pools";

/** The deployment's folder of volumes, told by its id in the sandbox's metadata. */
async function volumesFolder(): Promise<string> {
  const { stdout } = await execa("virsh", ["--connect", host.uri, "dumpxml", "two-tier-web"], { env: { LC_ALL: "C" } });
  const id = / deployment=['"]([0-9a-f]{16})['"]/.exec(stdout)?.[1];
  if (id === undefined) throw new Error(`the sandbox says of no deployment that it belongs to it: ${stdout}`);
  return `${id}-local`;
}

describe.each(ways)("the example through the real $cli on $provider", ({ cli: name, provider }) => {
  const reason = provider === "libvirt" ? noProvider : noLibvirt;
  let cli: CdkCli;
  let project: string;
  let volumes: string | undefined;

  const run = async (...args: string[]): Promise<string> => {
    // Where Terraform finds our own provider, and nothing else of whoever runs the tests.
    const home: Record<string, string> = provider === "terrarium" ? { HOME: project } : {};
    const env = { TERRARIUM_HOST_DIR: host.root, RECORD_ALLOWED: "10.20.0.", ...home };
    const { exitCode, output, connections } = await cli.run(args, { cwd: project, env });
    expect(exitCode, output).toBe(0);
    expect(connections).toEqual([]);
    return output;
  };
  const terrarium = async (...args: string[]): Promise<string> => {
    const env = { TERRARIUM_HOST_DIR: host.root };
    const { stdout } = await execa("npx", ["--no-install", "terrarium", ...args], { cwd: project, env, timeout: 120_000 });
    return stdout;
  };
  // The provider is in a folder, not in a registry: no checksums for other platforms.
  const deploy = async (): Promise<string> => await run("deploy", "two-tier", "--auto-approve", "--skip-provider-lock");

  beforeAll(async () => {
    if (reason !== undefined) return;
    cli = await cdkCli(name);
    project = await exampleWithTinyImage(provider);
    if (provider === "terrarium") await terrarium("provider", "install", "--mirror", ".terraform.d/plugins");
    await run("synth");
    await terrarium("prepare", folder);
  });
  afterAll(async () => {
    if (project !== undefined) await rm(project, { recursive: true, force: true });
    if (volumes !== undefined) await rm(join(poolsFolder, volumes), { recursive: true, force: true });
  });

  test.skipIf(reason)("deploy makes the sandboxes and waits until one can log in to them", async () => {
    const output = await deploy();
    expect(output).toContain("Apply complete!");
    volumes = await volumesFolder();
    expect(await readdir(poolsFolder)).toContain(volumes);
    expect((await objects()).filter((object) => object.startsWith("two-tier-") && !/[0-9a-f]{16}$/.test(object))).toEqual([
      "two-tier-db",
      "two-tier-front",
      "two-tier-web",
    ]);
  });

  test.skipIf(reason)("a second deploy changes nothing", async () => {
    expect(await deploy()).toMatch(/No changes\./);
  });

  test.skipIf(reason)("a changed lab is prepared by deploy itself: the new seed is in the sandbox", async () => {
    const program = await readFile(join(project, "main.ts"), "utf8");
    await writeFile(join(project, "main.ts"), replaced(program, "Hello from the web tier.", "Hello again."));
    const output = await deploy();
    expect(output).toContain("Prepared lab");
    const key = join(project, ".terrarium/two-tier/ssh_config");
    const { stdout } = await execa("ssh", ["-F", key, "web", "cat", "/etc/motd"], { timeout: 60_000 });
    expect(stdout).toBe("Hello again.");
    expect(await deploy()).toMatch(/No changes\./);
  });

  test.skipIf(reason)("destroy leaves nothing", async () => {
    await run("destroy", "two-tier", "--auto-approve");
    expect(await objects()).toEqual([]);
    expect(await readdir(poolsFolder)).not.toContain(volumes);
  });
});
