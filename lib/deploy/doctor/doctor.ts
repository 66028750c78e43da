import { homedir } from "node:os";
import { dirname, resolve } from "node:path";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { Lab } from "../../lab/lab.ts";
import { readPossibleLab } from "../applied-lab.ts";
import { stateDirectory } from "../state-directory.ts";
import { ownDeployment } from "../prune.ts";
import { reachHosts, type ReachedHost, type ReachOptions } from "../reach-hosts.ts";
import { acceleratorHealth, diskHealth, leftoverHealth, versionHealth } from "./host-health.ts";
import { fine, unwell, type Health } from "./health.ts";
import { memoryHealth, worldHealth } from "./lab-health.ts";
import { engineHealth, hypervisorHealth, orSaid } from "./machine-health.ts";

export interface DoctorOptions extends ReachOptions {
  /** Opens the lab; throws what is wrong with it. @default - there is none */
  readonly openLab?: () => Promise<Lab>;
}

/** Where a host keeps images and disks. */
const folders = ["/var/lib/terrarium", "/var/lib/libvirt", "/var/lib"];

/**
 * Looks at the machine and its hosts as a lab needs them: whether sandboxes can run, in whose way they would be, what room there is, and what is left of others. Changes
 * nothing, and makes no host; one that is down stays so.
 */
export async function examine(options: DoctorOptions): Promise<Health[]> {
  const { env, file, cwd, instance } = options;
  const [machine, opened, hosts] = await Promise.all([
    Promise.all([engineHealth(env), env["HYPERVISOR"] === "vbox" ? [] : hypervisorHealth()]),
    openedLab(options),
    reached(options),
  ]);
  const own = await ownDeployment({ file, cwd, instance });
  const applied = opened.lab && (await readPossibleLab(stateDirectory(dirname(resolve(cwd, file)), opened.lab.name)));
  const root = env["TERRARIUM_HOST_DIR"];
  try {
    const looked = await Promise.all(hosts.list.map((host) => hostHealth(host, { lab: opened.lab, own, applied, root })));
    const rooms = hosts.list.some(({ uri }) => uri === "virtualbox") ? [homedir()] : [];
    const disk = await diskHealth(undefined, [...folders, ...rooms]);
    return [...machine.flat(), ...opened.health, ...hosts.health, ...disk, ...looked.flat()];
  } finally {
    for (const host of hosts.list) await host.release();
  }
}

interface Surroundings {
  readonly lab?: Lab;
  readonly own?: string;
  readonly applied?: Lab;
  readonly root?: string;
}

async function hostHealth(host: ReachedHost, { lab, own, applied, root }: Surroundings): Promise<Health[]> {
  const looks: readonly (readonly [check: string, look: () => Promise<Health[]>])[] = [
    ["versions", () => versionHealth(host)],
    ["virtualization", () => acceleratorHealth(host, root)],
    ["memory", async () => (lab && Object.hasOwn(lab.hosts, host.name) ? await memoryHealth(host, lab) : [])],
    ["network", () => worldHealth(host, lab, { own, applied })],
    ["leftovers", () => leftoverHealth(host, own)],
  ];
  return (await Promise.all(looks.map(([check, look]) => orSaid(check, look, host.name)))).flat();
}

async function openedLab({ openLab }: DoctorOptions): Promise<{ readonly lab?: Lab; readonly health: Health[] }> {
  if (!openLab) return { health: [] };
  try {
    const lab = await openLab();
    return { lab, health: [fine("lab", `lab "${lab.name}" is in order`)] };
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return { health: error.diagnostics.map((diagnostic) => unwell("lab", diagnostic)) };
  }
}

async function reached(options: ReachOptions): Promise<{ readonly list: readonly ReachedHost[]; readonly health: Health[] }> {
  try {
    return { list: await reachHosts(options), health: [] };
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return { list: [], health: error.diagnostics.map((diagnostic) => unwell("hypervisor", diagnostic)) };
  }
}
