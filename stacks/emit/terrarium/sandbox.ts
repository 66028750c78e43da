import type { Construct } from "constructs";
import type { Lab, LabSandbox } from "../../../lib/lab/lab.ts";
import { TerrariumDisk } from "../../../lib/synth/terrarium/disk.ts";
import { TerrariumSandbox, type TerrariumSandboxConfig } from "../../../lib/synth/terrarium/sandbox.ts";
import { TerrariumSeed } from "../../../lib/synth/terrarium/seed.ts";
import { terraformText } from "../../../lib/synth/terraform-text.ts";
import { Duration } from "../../../lib/units/duration.ts";
import { Size } from "../../../lib/units/size.ts";
import { address } from "../names.ts";
import { macText } from "../prepared-hash.ts";
import { emitOnChange, imageOf, seedFile } from "../sandbox-parts.ts";

const prepared = [`terraform_data.${address.prepare}`];

/** A sandbox with its disks and its seed. What a change takes is the provider's to say: no triggers are needed. */
export function emitSandbox(scope: Construct, lab: Lab, sandbox: LabSandbox): void {
  const { host } = sandbox;
  const disks = [address.rootDisk(sandbox), ...sandbox.disks.map(({ name }) => address.extraDisk(sandbox, name))];
  const root = { name: sandbox.name, size: sizeText(sandbox.disk), image: imageOf(lab, sandbox) };
  const { rootDiskTriggers, seedTriggers } = emitOnChange(scope, lab, sandbox);
  const anew = rootDiskTriggers.length > 0 && { lifecycle: { replaceTriggeredBy: [...rootDiskTriggers] } };
  new TerrariumDisk(scope, address.rootDisk(sandbox), root, { host, dependsOn: prepared, ...anew });
  for (const { name, size } of sandbox.disks) {
    new TerrariumDisk(scope, address.extraDisk(sandbox, name), { name: `${sandbox.name}.${name}`, size: sizeText(size) }, { host });
  }

  const file = seedFile(lab, sandbox);
  if (file !== undefined) {
    const config = { name: sandbox.name, file: `\${path.module}/seeds/${file}` };
    // The new one is there before the old one goes: the sandbox is never without.
    const lifecycle = {
      createBeforeDestroy: true,
      ...(seedTriggers && { ignoreChanges: ["file"], replaceTriggeredBy: [...seedTriggers] }),
    };
    new TerrariumSeed(scope, address.seed(sandbox), config, { host, lifecycle, dependsOn: prepared });
  }

  const resource = new TerrariumSandbox(scope, address.sandbox(sandbox), config(lab, sandbox, disks), {
    host,
    // A disk that is made anew may have the same id as before.
    lifecycle: { replaceTriggeredBy: disks.map((disk) => `terrarium_disk.${disk}.id`) },
  });
  for (const [path, value] of Object.entries(sandbox.overrides)) resource.addOverride(path, value);
}

function config(lab: Lab, sandbox: LabSandbox, disks: readonly string[]): TerrariumSandboxConfig {
  return {
    name: sandbox.name,
    cpus: sandbox.cpus,
    ...(sandbox.maxCpus !== undefined && { max_cpus: sandbox.maxCpus }),
    memory: sizeText(sandbox.memory),
    ...(sandbox.maxMemory !== undefined && { max_memory: sizeText(sandbox.maxMemory) }),
    disks: disks.map((disk) => `\${terrarium_disk.${disk}.id}`),
    ...(sandbox.seed !== "none" && { seed: `\${terrarium_seed.${address.seed(sandbox)}.id}` }),
    nics: sandbox.nics.map(({ network, mac, address: ip }) => ({
      network: `\${terrarium_network.${address.network({ host: sandbox.host, name: network })}.id}`,
      mac: macText(mac),
      ...(ip !== undefined && { address: ip }),
    })),
    ...forwards(lab, sandbox),
    labels: Object.fromEntries(Object.entries(sandbox.labels).map(([key, value]) => [terraformText(key), terraformText(value)])),
    autostart: sandbox.autostart,
    protect: sandbox.protect,
    shutdown_timeout: Duration.milliseconds(sandbox.timeouts.shutdown).toString(),
  };
}

function forwards({ hypervisor }: Lab, { forwards: all = [] }: LabSandbox): Pick<TerrariumSandboxConfig, "forwards"> {
  const written = all.map(({ name, protocol, address: on, hostPort, guestPort }) => [
    name,
    { protocol, host_address: on, host_port: hostPort, guest_port: guestPort },
  ]);
  // The machine has no way into VirtualBox's networks but a forwarded port.
  const own = hypervisor === "virtualbox" ? { ssh: { protocol: "tcp" as const, guest_port: 22 } } : {};
  return written.length === 0 && hypervisor === "kvm" ? {} : { forwards: { ...own, ...Object.fromEntries(written) } };
}

function sizeText(bytes: number): string {
  return Size.bytes(bytes).toString();
}
