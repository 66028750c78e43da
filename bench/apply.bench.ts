/**
 * `terrarium apply` of 5 tiny sandboxes until all domains run, against plain `terraform apply` of the same folder (the provider's own time) and against
 * `virsh define` + `start` of the same XML, in one run. Needs root, libvirt, the provider, and the tiny image of the test tree.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { downEmbedded } from "../lib/host/down.ts";
import { upEmbedded } from "../lib/host/up.ts";
import { tinyImage } from "../test/fixtures/embedded-host.ts";
import { measure, say, sayMachine, terrarium } from "./measure.ts";

const count = 5;
sayMachine("apply");
const root = mkdtempSync(join(tmpdir(), "trm-"));
const env = { ...process.env, TERRARIUM_HOST_DIR: root, CHECKPOINT_DISABLE: "1" };
const folder = join(root, "lab");
const work = join(folder, ".terrarium/bench/terraform");
try {
  const { uri } = await upEmbedded("local", { root, uplink: "none" });
  mkdirSync(folder);
  copyFileSync(await tinyImage(), join(folder, "tiny.qcow2"));
  writeFileSync(
    join(folder, "lab.yaml"),
    `lab: bench
hosts: { local: { uri: embedded } }
images: { tiny: { path: ./tiny.qcow2 } }
networks: { front: {} }
sandboxes:
  box: { count: ${count}, image: tiny, memory: 128MiB, disk: 1GiB, networks: [front], ready: none }
`,
  );
  // Once, uncounted: image in place, Terraform initialized, provider warm.
  await run([...terrarium, "apply", "--yes"]);
  await run([...terrarium, "destroy", "--yes"]);

  const ours = await run([...terrarium, "apply", "--yes", "--no-wait"]);
  const names = virsh(uri, "list", "--name").trim().split("\n");
  if (names.length !== count) throw new Error(`expected ${count} running domains, found ${names.join(", ")}`);
  const definitions = names.map((name) => virsh(uri, "dumpxml", "--inactive", name));
  await run([...terrarium, "destroy", "--yes"]);

  const plain = await run(["terraform", "apply", "-auto-approve", "-input=false"], work);
  for (const name of names) virsh(uri, "destroy", name);
  const start = performance.now();
  for (const [index, name] of names.entries()) {
    virsh(uri, "undefine", name);
    const file = join(root, "domain.xml");
    writeFileSync(file, definitions[index] ?? "");
    virsh(uri, "define", file);
    virsh(uri, "start", name);
  }
  const byHand = (performance.now() - start) / 1000;
  // Plain Terraform made these, so plain Terraform removes them: terrarium knows of nothing that was applied.
  await run(["terraform", "destroy", "-auto-approve", "-input=false"], work);

  say(`terrarium apply --no-wait, ${count} sandboxes`, ours, "s");
  say("terraform apply of the same folder", plain, "s");
  say("virsh define + start of the same XML", byHand, "s");
  say("terrarium's overhead beyond Terraform and its provider", ours - plain, "s", 1.5);
  say("  ratio to virsh", ours / byHand, "×");
} finally {
  await downEmbedded("local", { root, force: true, purge: true });
  rmSync(root, { recursive: true, force: true });
}

async function run(command: readonly [string, ...string[]], cwd = folder): Promise<number> {
  const result = await measure(command, { cwd, env });
  if (result.exitCode !== 0) throw new Error(`${command.join(" ")} ended with ${result.exitCode}:\n${result.stderr}${result.stdout}`);
  return result.seconds;
}

function virsh(uri: string, ...args: string[]): string {
  return execFileSync("virsh", ["-q", "-c", uri, ...args], { encoding: "utf8" });
}
