/** `terrarium net check` of 10 tiny sandboxes in one network, each of which reaches all others. Needs root, libvirt, and the tiny image of the test tree. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { downEmbedded } from "../lib/host/down.ts";
import { upEmbedded } from "../lib/host/up.ts";
import { tinyImage } from "../test/fixtures/embedded-host.ts";
import { measure, say, sayMachine, terrarium } from "./measure.ts";

const count = 10;
sayMachine("net-check");
const root = mkdtempSync(join(tmpdir(), "trm-"));
const env = { ...process.env, TERRARIUM_HOST_DIR: root, CHECKPOINT_DISABLE: "1" };
const folder = join(root, "lab");
try {
  await upEmbedded("local", { root, uplink: "none" });
  mkdirSync(folder);
  copyFileSync(await tinyImage(), join(folder, "tiny.qcow2"));
  writeFileSync(
    join(folder, "lab.yaml"),
    `lab: bench
provider: terrarium
hosts: { local: { uri: embedded } }
images: { tiny: { path: ./tiny.qcow2 } }
networks: { front: {} }
sandboxes:
  box: { count: ${count}, image: tiny, memory: 128MiB, disk: 64MiB, networks: [front], ready: ssh }
`,
  );
  await run("apply", "--yes");
  const first = await run("net", "check", "--json");
  const second = await run("net", "check", "--json");
  const { passed } = JSON.parse(second.stdout) as { passed: number };
  say(`terrarium net check, ${count} sandboxes, ${passed} checks, first time`, first.seconds, "s");
  say("  once more, over the connections that are there", second.seconds, "s", 3);
  await run("destroy", "--yes");
} finally {
  await downEmbedded("local", { root, force: true, purge: true });
  rmSync(root, { recursive: true, force: true });
}

async function run(...args: string[]): ReturnType<typeof measure> {
  const result = await measure([...terrarium, ...args], { cwd: folder, env });
  if (result.exitCode !== 0) throw new Error(`${args.join(" ")} ended with ${result.exitCode}:\n${result.stderr}${result.stdout}`);
  return result;
}
