/**
 * `terrarium plan` of 10 (and with TERRARIUM_BENCH_LONG=1 also 100) new sandboxes on an embedded host, against `terraform plan` of the hand-written HCL a person
 * would write for the same lab with the same provider, in turns in one run. Needs root, libvirt and the provider.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { downEmbedded } from "../lib/host/down.ts";
import { upEmbedded } from "../lib/host/up.ts";
import { labOf, measure, say, sayMachine, terrarium, type Run } from "./measure.ts";

sayMachine("plan");
const root = mkdtempSync(join(tmpdir(), "trm-"));
const env = { ...process.env, TERRARIUM_HOST_DIR: root, CHECKPOINT_DISABLE: "1" };
try {
  const { uri } = await upEmbedded("local", { root, uplink: "none" });
  for (const count of process.env["TERRARIUM_BENCH_LONG"] ? [10, 100] : [10]) {
    const ours = join(root, `ours-${count}`);
    const theirs = join(root, `theirs-${count}`);
    mkdirSync(ours);
    mkdirSync(theirs);
    writeFileSync(join(ours, "lab.yaml"), labOf(count));
    writeFileSync(join(theirs, "main.tf"), handWritten(count, uri));
    await run(["terraform", "init", "-input=false"], theirs);
    await run([...terrarium, "plan"], ours);
    const ratios: number[] = [];
    const processorRatios: number[] = [];
    const [theirSeconds, ourSeconds]: [number[], number[]] = [[], []];
    const rounds = count === 10 ? 5 : 1;
    for (let round = 0; round < rounds; round++) {
      const plain = await run(["terraform", "plan", "-input=false", "-out=plan"], theirs);
      const mine = await run([...terrarium, "plan"], ours);
      theirSeconds.push(plain.seconds);
      ourSeconds.push(mine.seconds);
      ratios.push(mine.seconds / plain.seconds);
      processorRatios.push(mine.processorSeconds / plain.processorSeconds);
    }
    say(`terraform plan, hand-written HCL, ${count} sandboxes (median)`, median(theirSeconds), "s");
    say(`terrarium plan, ${count} sandboxes (median)`, median(ourSeconds), "s");
    say(`  ratio, median of ${rounds} pair(s)`, median(ratios), "×", 1.03);
    say("  ratio of processor time", median(processorRatios), "×");
  }
} finally {
  await downEmbedded("local", { root, force: true, purge: true });
  rmSync(root, { recursive: true, force: true });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function run(command: readonly [string, ...string[]], cwd: string): Promise<Run> {
  const result = await measure(command, { cwd, env });
  if (result.exitCode !== 0) throw new Error(`${command.join(" ")} ended with ${result.exitCode}:\n${result.stderr}${result.stdout}`);
  return result;
}

/** What an experienced person writes for `labOf(count)`: the same disks, seed, network and devices. */
function handWritten(count: number, uri: string): string {
  const box = (index: number): string => `
resource "libvirt_volume" "disk_${index}" {
  name          = "box-${index}.qcow2"
  pool          = libvirt_pool.lab.name
  capacity      = 10737418240
  target        = { format = { type = "qcow2" } }
  backing_store = { path = "/var/lib/terrarium/images/debian.qcow2", format = { type = "qcow2" } }
}
resource "libvirt_volume" "seed_${index}" {
  name   = "box-${index}.iso"
  pool   = libvirt_pool.lab.name
  create = { content = { url = "\${path.module}/seeds/box-${index}.iso" } }
}
resource "libvirt_domain" "box_${index}" {
  name        = "box-${index}"
  type        = "qemu"
  memory      = 512
  memory_unit = "MiB"
  vcpu        = 2
  running     = true
  autostart   = false
  on_poweroff = "destroy"
  on_reboot   = "restart"
  on_crash    = "destroy"
  metadata    = { xml = "<t:lab xmlns:t=\\"https://example.test/1\\" role=\\"web\\"/>" }
  features    = { acpi = true, apic = {} }
  os          = { type = "hvm", type_arch = "x86_64", type_machine = "q35", boot_devices = [{ dev = "hd" }], bios = { use_serial = "yes" } }
  cpu         = { mode = "maximum" }
  clock       = { offset = "utc" }
  devices = {
    controllers = concat([{ type = "pci", model = "pcie-root", index = 0 }], [for port in range(14) : { type = "pci", model = "pcie-root-port", index = port + 1 }], [{ type = "scsi", model = "virtio-scsi", index = 0 }])
    disks = [
      { driver = { name = "qemu", type = "qcow2", discard = "unmap" }, source = { volume = { pool = libvirt_pool.lab.name, volume = libvirt_volume.disk_${index}.name } }, target = { dev = "vda", bus = "virtio" } },
      { device = "cdrom", read_only = true, driver = { name = "qemu", type = "raw" }, source = { volume = { pool = libvirt_pool.lab.name, volume = libvirt_volume.seed_${index}.name } }, target = { dev = "sda", bus = "scsi" } },
    ]
    interfaces  = [{ mac = { address = "52:54:00:00:${hex(index >> 8)}:${hex(index & 255)}" }, model = { type = "virtio" }, source = { network = { network = libvirt_network.front.name } } }]
    serials     = [{ log = { file = "/var/log/libvirt/qemu/box-${index}.log", append = "off" }, target = { port = 0 } }]
    channels    = [{ source = { unix = {} }, target = { virt_io = { name = "org.qemu.guest_agent.0" } } }]
    rngs        = [{ model = "virtio", backend = { random = "/dev/urandom" } }]
    graphics    = [{ vnc = { listeners = [{ socket = {} }] } }]
    videos      = [{ model = { type = "virtio", heads = 1, primary = "yes" } }]
    mem_balloon = { model = "virtio" }
  }
}
`;
  const hosts = Array.from(
    { length: Math.max(32, count) },
    (_, index) => `{ mac = "52:54:00:00:${hex(index >> 8)}:${hex(index & 255)}", ip = "10.20.${(index + 10) >> 8}.${(index + 10) & 255}" }`,
  );
  return `terraform {
  required_providers {
    libvirt = { source = "dmacvicar/libvirt", version = "~> 0.9.7" }
  }
}
provider "libvirt" { uri = "${uri}" }
resource "libvirt_pool" "lab" {
  name   = "bench"
  type   = "dir"
  target = { path = "/var/lib/terrarium/pools/bench-by-hand" }
}
resource "libvirt_network" "front" {
  name      = "bench-front"
  autostart = true
  bridge    = { name = "bench-front", stp = "on", delay = "0" }
  domain    = { name = "front.bench.test", local_only = "yes" }
  forward   = { mode = "nat", nat = { ports = [{ start = 1024, end = 65535 }] } }
  ips       = [{ address = "10.20.0.1", netmask = "255.255.0.0", dhcp = { hosts = [${hosts.join(", ")}] } }]
}
${Array.from({ length: count }, (_, index) => box(index)).join("")}`;
}

function hex(value: number): string {
  return value.toString(16).padStart(2, "0");
}
