import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { afterAll, beforeAll, expect, test } from "vitest";
import { debianImage } from "../../../fixtures/debian-image.ts";
import { makeLabRunner, nothingLeft, whyNoLabs, type LabRunner } from "../../../fixtures/lab-runner.ts";

/** The quickstart example with real cloud-init: booted three times, one test for what each boot shows. */
const example = join(import.meta.dirname, "../../../../examples/quickstart/lab.yaml");

const why = await whyNoLabs("terrarium");
/** `../cloud-init/rich-guest.test.ts` shows it, too. */
const inFull = why ?? (process.env["TERRARIUM_TEST_FULL"] ? undefined : "a part of the full test");
let labs: LabRunner;

beforeAll(async () => {
  if (why !== undefined) return;
  await debianImage();
  labs = await makeLabRunner();
});

afterAll(async () => {
  await labs?.dispose();
});

async function apply(text: string): Promise<void> {
  await labs.write(text);
  const { exitCode, stderr } = await labs.run(["apply", "--yes"], { timeout: 850_000 });
  if (exitCode !== 0) throw new Error(stderr);
}

/** What a line of shell says in the sandbox. */
async function inside(line: string): Promise<string> {
  const { stdout, stderr, exitCode } = await labs.run(["exec", "hello", "--", "sh", "-c", line]);
  if (exitCode !== 0) throw new Error(`${line}: ${exitCode} ${stderr}`);
  return stdout.trim();
}

/** The example with other settings for its sandbox. */
async function changed(keys: object, rest: object = {}): Promise<string> {
  const lab = parse(await readFile(example, "utf8")) as { sandboxes: { hello: { cloudInit: object } } };
  return JSON.stringify({ ...lab, ...rest, sandboxes: { hello: { ...lab.sandboxes.hello, ...keys } } });
}

let firstBoot: string;

test.skipIf(why)("the quickstart lab comes up with cloud-init in order, its user, name, files and verified host key", async () => {
  await apply(await readFile(example, "utf8"));
  firstBoot = await inside("cat /proc/sys/kernel/random/boot_id");
  expect(JSON.parse(await inside("cloud-init status --format json"))).toMatchObject({ status: "done", errors: [] });
  expect(await inside("hostname; id -un; sudo -n id -un; cat /etc/motd")).toBe("hello\nadmin\nroot\nHello from a sandbox.");
  expect(await inside("stat -c '%a %U' /etc/motd")).toBe("644 root");
  // The NIC of a network of its own: named by MAC, addressed by the reservation; its name resolves to that.
  expect(await inside("ip -o -4 addr show dev net0 | awk '{print $4}' | cut -d/ -f1")).toBe(
    // Not from the guest's own /etc/hosts, but from the network's name server.
    await inside("resolvectl --legend=no --synthesize=no query hello.hello.quickstart.test | awk '{print $2}'"),
  );
  expect(await labs.run(["plan", "--detailed-exitcode"])).toMatchObject({ exitCode: 0, stdout: "No changes.\n" });
});

test.skipIf(why)("exec passes exit codes, input and arguments through", async () => {
  expect(await labs.run(["exec", "hello", "--", "sh", "-c", "exit 42"])).toMatchObject({ exitCode: 42 });
  const input = "two\nlines\n";
  expect(await labs.run(["exec", "hello", "cat"], { input })).toMatchObject({ exitCode: 0, stdout: input });
  expect(await labs.run(["exec", "hello", "--", "printf", "%s|", "a b", "$HOME", "'"])).toMatchObject({ stdout: "a b|$HOME|'|" });
});

test.skipIf(why)("plain ssh works with ssh-config, and another host key than the seed's is refused", async () => {
  const { stdout: config } = await labs.run(["ssh-config"]);
  const file = join(labs.directory, "lab.ssh");
  await writeFile(file, config);
  const ssh = async (): Promise<{ exitCode?: number; stdout: string; stderr: string }> =>
    await execa("ssh", ["-F", file, "-o", "BatchMode=yes", "-o", "ControlPath=none", "hello", "id -un"], { reject: false });
  expect(await ssh()).toMatchObject({ exitCode: 0, stdout: "admin" });
  const knownHosts = join(labs.directory, ".terrarium/quickstart/known_hosts");
  const known = await readFile(knownHosts, "utf8");
  await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(labs.directory, "another")]);
  const [, another = ""] = (await readFile(join(labs.directory, "another.pub"), "utf8")).split(" ");
  await writeFile(knownHosts, known.replaceAll(/AAAAC3NzaC1lZDI1NTE5\S+/g, another));
  expect(await ssh()).toMatchObject({ exitCode: 255, stderr: expect.stringContaining("Host key verification failed") as string });
  await writeFile(knownHosts, known);
});

test.skipIf(why)("changed cloud-init runs again after a reboot, on the same disk", async () => {
  await inside("echo kept >by-hand; sync");
  const cloudInit = {
    writeFiles: [{ path: "/opt/tool", content: "#!/bin/sh\necho tool\n", permissions: "0750", owner: "admin:admin", defer: true }],
    runCmd: ["echo ran >>/var/log/runs"],
  };
  await apply(await changed({ cloudInit }));
  expect(await inside("cat /proc/sys/kernel/random/boot_id")).not.toBe(firstBoot);
  expect(await inside("cat by-hand /var/log/runs; stat -c '%a %U' /opt/tool; /opt/tool")).toBe("kept\nran\n750 admin\ntool");
  expect(await inside("ls /var/lib/cloud/instances | wc -l")).toBe("2");
});

test.skipIf(inFull)("another network and address take effect after a reboot, and nothing is run again", async () => {
  const { cloudInit } = (parse(await readFile(join(labs.directory, "lab.yaml"), "utf8")) as { sandboxes: { hello: { cloudInit: object } } })
    .sandboxes.hello;
  const networks = { lan: { mode: "nat", cidr: "10.79.1.0/24" } };
  await apply(await changed({ cloudInit, networks: [{ name: "lan", ip: "10.79.1.33" }] }, { networks }));
  expect(await inside("ip -o -4 addr show dev lan")).toContain("10.79.1.33/24");
  expect(await inside("cat by-hand /var/log/runs; ls /var/lib/cloud/instances | wc -l")).toBe("kept\nran\n2");
  expect(await inside("cloud-init status | head -1")).toBe("status: done");
  expect(await labs.run(["plan", "--detailed-exitcode"])).toMatchObject({ exitCode: 0 });
});

test.skipIf(why)("destroy leaves nothing", async () => {
  expect(await labs.run(["destroy", "--yes"])).toMatchObject({ exitCode: 0 });
  expect(await labs.count()).toEqual(nothingLeft);
});
