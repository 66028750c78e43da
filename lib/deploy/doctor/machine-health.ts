import { access, constants, readFile } from "node:fs/promises";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { runProbeGuest } from "../../host/accelerator.ts";
import { chooseHost } from "../../host/choose-host.ts";
import { findEngine } from "../../terraform/engine.ts";
import { fine, unwell, type Health } from "./health.ts";

/** The program that plans and applies. */
export async function engineHealth(env: Readonly<NodeJS.ProcessEnv>): Promise<Health[]> {
  return await orSaid("engine", async () => {
    const { product, version, path } = await findEngine(env);
    return [fine("engine", `${product === "terraform" ? "Terraform" : "OpenTofu"} ${version} (${path})`)];
  });
}

/** Where a lab that names no host would run. */
export async function hypervisorHealth(): Promise<Health[]> {
  return await orSaid("hypervisor", async () => {
    const choice = await chooseHost();
    const found =
      choice.kind === "libvirt"
        ? `labs that name no host run on this machine's libvirtd (${choice.uri})`
        : "labs that name no host run on a host of Terrarium's own, which is brought up when one is applied";
    return [fine("hypervisor", found), ...(choice.kind === "embedded" ? await virtualizationHealth() : [])];
  });
}

/**
 * Whether the processor and the kernel offer virtualization, where no host is up yet that could say more.
 *
 * Sources: /proc/cpuinfo's flags `vmx` (Intel) and `svm` (AMD), /dev/kvm.
 */
export async function virtualizationHealth({
  cpuinfo = "/proc/cpuinfo",
  device = "/dev/kvm",
  probe = async () => await runProbeGuest("kvm"),
}: { readonly cpuinfo?: string; readonly device?: string; readonly probe?: () => Promise<string | undefined> } = {}): Promise<Health[]> {
  const usable = await access(device, constants.R_OK | constants.W_OK).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code ?? "",
  );
  if (usable === true) return await probed(device, probe);
  const flags = /^flags\s*:(.*)$/m.exec(await readFile(cpuinfo, "utf8"))?.[1]?.split(" ") ?? [];
  const hasFlag = flags.includes("vmx") || flags.includes("svm");
  const emulated = "so that sandboxes are emulated, 5 to 10 times slower";
  if (usable === "EACCES" || usable === "EPERM")
    return [
      unwell(
        "virtualization",
        kvmUnavailable(`this user may not open ${device}, ${emulated}`, "Run: sudo adduser $USER kvm (then log in again)."),
      ),
    ];
  if (hasFlag) {
    const module = flags.includes("vmx") ? "kvm_intel" : "kvm_amd";
    const step = `Run: sudo modprobe ${module}. If that is refused, switch virtualization on in the firmware's settings.`;
    return [unwell("virtualization", kvmUnavailable(`the processor can virtualize, but there is no ${device}, ${emulated}`, step))];
  }
  const step =
    "Switch virtualization (VT-x, AMD-V) on in the firmware's settings; in a virtual machine, switch on nested virtualization outside.";
  return [unwell("virtualization", kvmUnavailable(`the processor offers no virtualization, ${emulated}`, step))];
}

/** A device proves nothing: a guest of half a kilobyte has to speak. */
async function probed(device: string, probe: () => Promise<string | undefined>): Promise<Health[]> {
  const failure = await probe();
  if (failure === undefined) return [fine("virtualization", "a guest of 512 bytes runs under KVM")];
  return [
    unwell("virtualization", {
      code: "KVM_BROKEN",
      severity: "warning",
      summary: `there is ${device}, but ${failure}: sandboxes are emulated, 5 to 10 times slower`,
      nextStep: "In a virtual machine, switch on nested virtualization outside; on hardware, look at `dmesg | grep -i kvm`.",
    }),
  ];
}

function kvmUnavailable(summary: string, nextStep: string): Diagnostic {
  return { code: "KVM_UNAVAILABLE", severity: "warning", summary, nextStep };
}

/** Does a look; what it throws as a diagnostic is what it came to. */
export async function orSaid(check: string, look: () => Promise<Health[]>, host?: string): Promise<Health[]> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics.map((diagnostic) => unwell(check, diagnostic, host));
    throw error;
  }
}
