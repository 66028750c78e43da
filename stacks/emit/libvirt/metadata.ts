import type { Lab, LabNetwork, LabSandbox } from "../../../lib/lab/lab.ts";
import { terraformText, xmlAttribute } from "../../../lib/synth/terraform-text.ts";
import { deploymentId } from "../prepared-hash.ts";

/** Namespace of our element in libvirt's `<metadata>`; `lib/hypervisor` reads it. */
const namespace = "https://terrarium.internal/xmlns/1";

function openingTag(lab: Lab, name: string): string {
  return `<t:terrarium xmlns:t="${namespace}" deployment="${deploymentId}" lab="${lab.name}" name="${name}" provider="${lab.provider}"`;
}

/** Whose the sandbox is, and its labels. */
export function sandboxMetadata(lab: Lab, sandbox: LabSandbox): string {
  const labels = Object.entries(sandbox.labels).map(
    ([key, value]) => `<t:label key="${xmlAttribute(key)}">${terraformText(xmlAttribute(value))}</t:label>`,
  );
  return `${openingTag(lab, sandbox.name)}>${labels.join("")}</t:terrarium>`;
}

/** Whose the network is. White space as libvirt writes it back: the provider compares the text. */
export function networkMetadata(lab: Lab, network: LabNetwork): string {
  return `\n    ${openingTag(lab, network.name)}/>\n  `;
}
