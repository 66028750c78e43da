import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { VirtualBox } from "./host.ts";
import type { Machine } from "./machine-file.ts";
import { autostartKey, unsupported } from "./owner.ts";

/**
 * Whether a sandbox starts with the host, by VirtualBox's own autostart service. VirtualBox takes that only while the sandbox is off; of one that runs the wish is kept, and fulfilled before its
 * next start.
 *
 * @throws DiagnosticError HYPERVISOR_UNSUPPORTED where the service has not been set up
 */
export async function bringAutostart({ vbox }: VirtualBox, machine: Machine, wanted: boolean, running: boolean): Promise<void> {
  const { id, name, extraData } = machine;
  const word = wanted ? "on" : "off";
  const wish = extraData.get(autostartKey);
  if (running) {
    if ((wish ?? (machine.autostart ? "on" : "off")) !== word) await vbox.run(["setextradata", id, autostartKey, word], { machine: id });
    return;
  }
  try {
    if (machine.autostart !== wanted) await vbox.run(["modifyvm", id, "--autostart-enabled", word], { machine: id });
  } catch (error) {
    if (!(error instanceof DiagnosticError) || !/autostart database/.test(error.message)) throw error;
    throw unsupported(
      `sandbox "${name}" is to start with the host, and VirtualBox's autostart service is not set up here`,
      'Set it up (VirtualBox\'s manual, "Starting Virtual Machines During System Boot"; VBoxManage setproperty autostartdbpath DIRECTORY), or use `autostart: false`.',
    );
  }
  if (wish !== undefined) await vbox.run(["setextradata", id, autostartKey], { machine: id });
}

/** Fulfils what was wished for while the sandbox ran. */
export async function fulfilAutostart(box: VirtualBox, machine: Machine): Promise<void> {
  const wish = machine.extraData.get(autostartKey);
  if (wish !== undefined) await bringAutostart(box, machine, wish === "on", false);
}
