import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Lab } from "./lab.ts";
import type { LabLock } from "./lock/lab-lock.ts";
import type { Report } from "./path.ts";
import type { WrittenLab } from "./written-lab.ts";

/** What runs the sandboxes and what makes them. */
export type Engine = Pick<Lab, "hypervisor" | "provider">;

const hypervisors: Readonly<Record<string, Lab["hypervisor"]>> = { kvm: "kvm", virtualbox: "virtualbox" };
const providers: Readonly<Record<string, Lab["provider"]>> = { libvirt: "libvirt", terrarium: "terrarium" };
/** Values of the environment variable HYPERVISOR. */
const environmentNames: Readonly<Record<string, Lab["hypervisor"]>> = { ...hypervisors, vbox: "virtualbox" };

/**
 * Chooses hypervisor and provider: the lab's word, else the lock's, else the environment's (HYPERVISOR), else kvm and libvirt. VirtualBox is always made by our own
 * provider. A choice other than the lock's is a notice here; whether it may be done is for the deployment to say.
 *
 * Reports HYPERVISOR_UNSUPPORTED for what no version, or not this one, can use; CONFLICTING_KEYS for VirtualBox with another provider.
 */
export function chooseEngine(
  written: WrittenLab,
  lock: LabLock | undefined,
  hypervisorFromEnvironment: string | undefined,
  report: Report,
): Engine {
  const hypervisor = chooseHypervisor(written, lock, hypervisorFromEnvironment, report);
  const provider = chooseProvider(written, lock, hypervisor, report);
  if (written.provider === "libvirt" && hypervisor === "virtualbox") {
    report({
      code: "CONFLICTING_KEYS",
      severity: "error",
      path: ["provider"],
      summary: `provider "libvirt" makes sandboxes on KVM only, and hypervisor is "virtualbox"${written.hypervisor ? "" : lock?.hypervisor ? " (from the lock)" : " (from HYPERVISOR)"}`,
      nextStep: "Take `provider: libvirt` out: VirtualBox uses `terrarium`. Or write `hypervisor: kvm`.",
    });
  }
  if (lock !== undefined && lock.hypervisor in hypervisors && lock.hypervisor !== hypervisor)
    report(changed("hypervisor", hypervisor, lock.hypervisor));
  if (lock !== undefined && lock.provider in providers && lock.provider !== provider) report(changed("provider", provider, lock.provider));
  return { hypervisor, provider };
}

function chooseHypervisor(
  written: WrittenLab,
  lock: LabLock | undefined,
  fromEnvironment: string | undefined,
  report: Report,
): Lab["hypervisor"] {
  if (written.hypervisor !== undefined) return written.hypervisor;
  if (lock !== undefined) return hypervisors[lock.hypervisor] ?? unsupported("hypervisor", lock.hypervisor, "kvm", report);
  if (fromEnvironment === undefined || fromEnvironment === "") return "kvm";
  const chosen = environmentNames[fromEnvironment];
  if (chosen !== undefined) return chosen;
  report({
    code: "HYPERVISOR_UNSUPPORTED",
    severity: "error",
    path: ["hypervisor"],
    summary: `HYPERVISOR asks for "${fromEnvironment}", expected kvm or vbox`,
    nextStep: "Set HYPERVISOR to kvm or vbox, or unset it.",
  });
  return "kvm";
}

function chooseProvider(written: WrittenLab, lock: LabLock | undefined, hypervisor: Lab["hypervisor"], report: Report): Lab["provider"] {
  if (hypervisor === "virtualbox") return "terrarium";
  if (written.provider !== undefined) return written.provider;
  if (lock === undefined) return "libvirt";
  return providers[lock.provider] ?? unsupported("provider", lock.provider, "libvirt", report);
}

function unsupported<T>(what: keyof Engine, value: string, instead: T, report: Report): T {
  report({
    code: "HYPERVISOR_UNSUPPORTED",
    severity: "error",
    path: [what],
    summary: `the lock asks for ${what} "${value}", which this version cannot use`,
    nextStep: "Use the version of Terrarium that wrote the lock.",
  });
  return instead;
}

function changed(key: keyof Engine, choice: string, before: string): Diagnostic {
  return {
    code: key === "provider" ? "LAB_PROVIDER_CHANGED" : "LAB_HYPERVISOR_CHANGED",
    severity: "notice",
    path: [key],
    summary: `the lab asks for ${key} "${choice}", its lock has "${before}": every sandbox is made anew`,
  };
}
