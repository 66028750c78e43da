import type { Construct } from "constructs";
import { rootDiskIdentity, shortHash } from "../../../lib/lab/seed-identity.ts";
import { nameOnHost, networkKey, type Lab, type LabSandbox } from "../../../lib/lab/lab.ts";
import { LibvirtDomain, type LibvirtController, type LibvirtDisk, type LibvirtDomainConfig } from "../../../lib/synth/libvirt/domain.ts";
import { LibvirtVolume } from "../../../lib/synth/libvirt/volume.ts";
import { TerraformData } from "../../../lib/synth/terraform-data.ts";
import { sandboxMetadata } from "./metadata.ts";
import { address, place, variable } from "../names.ts";
import { macText } from "../prepared-hash.ts";
import { emitOnChange, imageOf, seedFile, type OnChange } from "../sandbox-parts.ts";
import { networkDefinition } from "./network.ts";

const mebibyte = 1024 ** 2;
/** q35 has one hot-plug slot by default; with these a sandbox takes seven more devices. */
const rootPorts = 14;

/** A sandbox: its disks, its seed, its domain, and the value whose changes replace them. */
export function emitSandbox(stack: Construct, lab: Lab, sandbox: LabSandbox): void {
  const name = address.sandbox(sandbox);
  const seed = seedFile(lab, sandbox);
  const onChange = emitOnChange(stack, lab, sandbox);
  // One that is kept has the name that it was made with.
  const seedInPlace = onChange.seedTriggers ? `\${libvirt_volume.${address.seed(sandbox)}.name}` : seed;
  new TerraformData(stack, name, {
    input: {
      definition: definition(lab, sandbox),
      disk: rootDiskIdentity(lab, sandbox),
      disks: Object.fromEntries(sandbox.disks.map((disk) => [`disk_${disk.name}`, String(disk.size)])),
      seed: seedInPlace ?? "",
    },
  });

  emitDisks(stack, lab, sandbox, onChange);
  if (seed !== undefined) emitSeed(stack, sandbox, seed, onChange);
  const domain = new LibvirtDomain(
    stack,
    name,
    { ...config(lab, sandbox), metadata: { xml: sandboxMetadata(lab, sandbox) } },
    // An existing sandbox keeps the accelerator and CPU that it was made with.
    { host: sandbox.host, lifecycle: { replaceTriggeredBy: [`terraform_data.${name}`], ignoreChanges: ["type", "cpu"] } },
  );
  for (const [path, value] of Object.entries(sandbox.overrides)) domain.addOverride(path, value);
}

function emitDisks(stack: Construct, lab: Lab, sandbox: LabSandbox, { rootDiskTriggers }: OnChange): void {
  // An index in quotes (`disks["data"]`) is ignored here without a word, and a name may start with a digit: hence the prefix.
  const trigger = `terraform_data.${address.sandbox(sandbox)}.input`;
  new LibvirtVolume(
    stack,
    address.rootDisk(sandbox),
    {
      name: `${sandbox.name}.qcow2`,
      pool: poolName(sandbox),
      capacity: sandbox.disk,
      target: { format: { type: "qcow2" } },
      backing_store: { path: place.image(imageOf(lab, sandbox)), format: { type: "qcow2" } },
    },
    {
      host: sandbox.host,
      lifecycle: { replaceTriggeredBy: [`${trigger}.disk`, ...rootDiskTriggers], ignoreChanges: ["backing_store"] },
      dependsOn: [`terraform_data.${address.prepare}`],
    },
  );

  for (const disk of sandbox.disks) {
    new LibvirtVolume(
      stack,
      address.extraDisk(sandbox, disk.name),
      { name: `${sandbox.name}.${disk.name}.qcow2`, pool: poolName(sandbox), capacity: disk.size, target: { format: { type: "qcow2" } } },
      { host: sandbox.host, lifecycle: { replaceTriggeredBy: [`${trigger}.disks.disk_${disk.name}`] } },
    );
  }
}

function emitSeed(stack: Construct, sandbox: LabSandbox, file: string, { seedTriggers }: OnChange): void {
  new LibvirtVolume(
    stack,
    address.seed(sandbox),
    { name: file, pool: poolName(sandbox), create: { content: { url: `\${path.module}/seeds/${file}` } } },
    {
      host: sandbox.host,
      lifecycle: {
        // The name says all about the content; the path may differ between machines.
        ignoreChanges: seedTriggers ? ["create", "name"] : ["create"],
        ...(seedTriggers && { replaceTriggeredBy: [...seedTriggers] }),
      },
      dependsOn: [`terraform_data.${address.prepare}`],
    },
  );
}

function poolName(sandbox: LabSandbox): string {
  return `\${libvirt_pool.${address.pool(sandbox.host)}.name}`;
}

/** Hash of what the domain is made with: its own settings and those of its networks. */
function definition(lab: Lab, sandbox: LabSandbox): string {
  const { type: _type, cpu: _cpu, ...kept } = config(lab, sandbox);
  const networks = sandbox.nics.map((nic) => {
    const network = lab.networks[networkKey(sandbox.host, nic.network)];
    return network && networkDefinition(lab, network);
  });
  return shortHash({ ...kept, networks, labels: sandbox.labels, overrides: sandbox.overrides });
}

function config(lab: Lab, sandbox: LabSandbox): LibvirtDomainConfig {
  const wholeMebibytes = sandbox.memory % mebibyte === 0;
  return {
    name: nameOnHost(lab, sandbox.name),
    type: `\${var.${variable.domainType(sandbox.host)}}`,
    memory: wholeMebibytes ? sandbox.memory / mebibyte : Math.ceil(sandbox.memory / 1024),
    memory_unit: wholeMebibytes ? "MiB" : "KiB",
    vcpu: sandbox.cpus,
    running: true,
    autostart: sandbox.autostart,
    features: { acpi: true, apic: {} },
    // Without `useserial` a disk that does not boot leaves the console empty.
    os: { type: "hvm", type_arch: "x86_64", type_machine: "q35", boot_devices: [{ dev: "hd" }], bios: { use_serial: "yes" } },
    cpu: { mode: `\${var.${variable.cpuMode(sandbox.host)}}` },
    clock: { offset: "utc" },
    on_poweroff: "destroy",
    on_reboot: "restart",
    on_crash: "destroy",
    devices: {
      controllers: controllers(),
      disks: disks(lab, sandbox),
      interfaces: sandbox.nics.map((nic) => ({
        mac: { address: macText(nic.mac) },
        model: { type: "virtio" },
        source: { network: { network: `\${libvirt_network.${address.network({ host: sandbox.host, name: nic.network })}.name}` } },
      })),
      serials: [{ log: { file: place.console(lab, sandbox.name), append: "off" }, target: { port: 0 } }],
      channels: [{ source: { unix: {} }, target: { virt_io: { name: "org.qemu.guest_agent.0" } } }],
      rngs: [{ model: "virtio", backend: { random: "/dev/urandom" } }],
      // A UNIX socket: no port for other users of the machine to connect to.
      graphics: [{ vnc: { listeners: [{ socket: {} }] } }],
      videos: [{ model: { type: "virtio", heads: 1, primary: "yes" } }],
      mem_balloon: { model: "virtio" },
    },
  };
}

function controllers(): LibvirtController[] {
  const ports = Array.from({ length: rootPorts }, (_, index): LibvirtController => ({
    type: "pci",
    model: "pcie-root-port",
    index: index + 1,
  }));
  return [{ type: "pci", model: "pcie-root", index: 0 }, ...ports, { type: "scsi", model: "virtio-scsi", index: 0 }];
}

function disks(lab: Lab, sandbox: LabSandbox): LibvirtDisk[] {
  const pool = poolName(sandbox);
  const volume = (id: string) => ({ volume: { pool, volume: `\${libvirt_volume.${id}.name}` } });
  const letters = "abcdefghijklmnopqrstuvwxyz";
  const list: LibvirtDisk[] = [address.rootDisk(sandbox), ...sandbox.disks.map((disk) => address.extraDisk(sandbox, disk.name))].map(
    (id, index) => ({
      driver: { name: "qemu", type: "qcow2", discard: "unmap" },
      source: volume(id),
      target: { dev: `vd${letters[index]}`, bus: "virtio" },
    }),
  );
  if (sandbox.seed !== "none") {
    // virtio-scsi: cloud kernels have no driver for SATA.
    list.push({
      device: "cdrom",
      read_only: true,
      driver: { name: "qemu", type: "raw" },
      source: volume(address.seed(sandbox)),
      target: { dev: "sda", bus: "scsi" },
    });
  }
  return list;
}
