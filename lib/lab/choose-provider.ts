import type { Lab } from "./lab.ts";
import type { LabLock } from "./lock/lab-lock.ts";
import type { Report } from "./path.ts";
import type { WrittenLab } from "./written-lab.ts";

/** What runs the sandboxes and what makes them. */
export type Engine = Pick<Lab, "hypervisor" | "provider">;

/** Values of the environment variable HYPERVISOR. */
const environmentNames: Readonly<Record<string, string>> = { kvm: "kvm", vbox: "virtualbox", virtualbox: "virtualbox" };

/**
 * Chooses hypervisor and provider: the lab's word, else the lock's, else the environment's (HYPERVISOR), else kvm and libvirt. A choice other than the
 * lock's is a notice here; whether it may be done is for the deployment to say.
 */
export function chooseEngine(
  written: WrittenLab,
  lock: LabLock | undefined,
  hypervisorFromEnvironment: string | undefined,
  report: Report,
): Engine {
  const environment = hypervisorFromEnvironment && (environmentNames[hypervisorFromEnvironment] ?? hypervisorFromEnvironment);
  const hypervisor = written.hypervisor ?? lock?.hypervisor ?? (environment === "" ? undefined : environment) ?? "kvm";
  const provider = written.provider ?? lock?.provider ?? "libvirt";
  if (hypervisor !== "kvm") {
    const origin = lock?.hypervisor === hypervisor ? "the lock" : "HYPERVISOR";
    reportUnsupported("hypervisor", hypervisor, origin, "Write `hypervisor: kvm`, or unset HYPERVISOR.", report);
  }
  if (provider !== "libvirt")
    reportUnsupported("provider", provider, "the lock", "Use the version of Terrarium that wrote the lock.", report);
  if (lock !== undefined && lock.hypervisor !== hypervisor) {
    report({
      code: "LAB_HYPERVISOR_CHANGED",
      severity: "notice",
      path: ["hypervisor"],
      summary: `the lab asks for hypervisor "${hypervisor}", its lock has "${lock.hypervisor}": every sandbox is made anew`,
    });
  }
  if (lock !== undefined && lock.provider !== provider) {
    report({
      code: "LAB_PROVIDER_CHANGED",
      severity: "notice",
      path: ["provider"],
      summary: `the lab asks for provider "${provider}", its lock has "${lock.provider}": every sandbox is made anew`,
    });
  }
  return { hypervisor: "kvm", provider: "libvirt" };
}

function reportUnsupported(what: "hypervisor" | "provider", value: string, origin: string, nextStep: string, report: Report): void {
  report({
    code: "HYPERVISOR_UNSUPPORTED",
    severity: "error",
    path: [what],
    summary: `${origin} asks for ${what} "${value}", which this version cannot use`,
    nextStep,
  });
}
