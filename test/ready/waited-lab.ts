import type { LabNic, LabSandbox } from "../../lib/lab/lab.ts";
import type { ReadyTarget } from "../../lib/ready/target.ts";
import type { WatchedHost } from "../../lib/ready/host-watch.ts";

export const mac = "02:00:00:00:00:01";
export const address = "10.20.0.5";
/** What the host shows once the guest has its address. */
export const leases = { [mac]: address };

export function nic(rest: Partial<LabNic> = {}): LabNic {
  return {
    network: "front",
    name: "front",
    mac,
    address,
    prefix: 24,
    addressing: "dhcp",
    nameserver: "10.20.0.1",
    domain: "front.test",
    ...rest,
  };
}

export function sandbox(rest: Partial<LabSandbox> = {}): LabSandbox {
  return {
    name: "web",
    writtenAs: "web",
    host: "local",
    image: "debian-12",
    cpus: 1,
    memory: 2 ** 30,
    disk: 2 ** 33,
    disks: [],
    nics: [nic()],
    user: "admin",
    sshKeys: [],
    labels: {},
    autostart: false,
    ready: "cloudInit",
    probes: [],
    timeouts: { shutdown: 60_000 },
    protect: false,
    seed: "nocloud",
    cloudInit: { packages: [], runCmd: [], writeFiles: [] },
    overrides: {},
    ...rest,
  };
}

export function targetOf(hypervisor: WatchedHost, one: Partial<LabSandbox> = {}, rest: Partial<ReadyTarget> = {}): ReadyTarget {
  const made = sandbox(one);
  return { sandbox: made, nameOnHost: `lab-${made.name}`, hypervisor, sshConfigFile: "/nowhere/ssh_config", accelerator: "kvm", ...rest };
}

const stages = ["init-local", "init", "modules-config", "modules-final"];

/** cloud-init's files as they are once it has finished. */
export function cloudInitFiles({
  errors = [],
  datasource = "DataSourceNoCloud [seed=/dev/sr0][dsmode=net]",
  instanceId = "lab-web-1",
}: { readonly errors?: readonly string[]; readonly datasource?: string; readonly instanceId?: string } = {}): Record<string, string> {
  const run = { errors: [], start: 1, finished: 2 };
  return {
    "/run/cloud-init/result.json": JSON.stringify({ v1: { datasource, errors } }),
    "/run/cloud-init/status.json": JSON.stringify({
      v1: { datasource, stage: null, ...Object.fromEntries(stages.map((stage) => [stage, run])) },
    }),
    "/run/cloud-init/.instance-id": `${instanceId}\n`,
  };
}

/** The same while it works. */
export function cloudInitAt(stage: string): Record<string, string> {
  return {
    "/run/cloud-init/status.json": JSON.stringify({ v1: { datasource: null, stage, init: { errors: [], start: 1, finished: null } } }),
  };
}

/** As the script that is run over ssh prints them. */
export function overSsh(files: Readonly<Record<string, string>>): string {
  const keys: Readonly<Record<string, string>> = { "result.json": "result", "status.json": "status", ".instance-id": "instanceId" };
  return [
    "@@terrarium installed",
    ...Object.entries(files).map(([path, text]) => `@@terrarium ${keys[path.split("/").at(-1) ?? ""]}\n${text}`),
    "",
  ].join("\n");
}
