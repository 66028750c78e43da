import type { Element } from "@xmldom/xmldom";
import type { Owner, OwnerFilter } from "../hypervisor.ts";
import { append, element, type XmlElement } from "./element.ts";
import { attribute, descend } from "./xml.ts";

/** Namespace of the element that says whose a domain or network is; see ../README.md for its form. */
export const ownerNamespace = "https://terrarium.internal/xmlns/1";

const isOwner = (node: { readonly namespaceURI?: string | null; readonly localName?: string | null }): boolean =>
  node.namespaceURI === ownerNamespace && node.localName === "terrarium";

/** Puts the owner into a domain's or network's XML in place of the one that is there; what others keep in the metadata stays. */
export function replaceOwner(object: Element, owner: Owner, memory?: number): void {
  const metadata = descend(object, "metadata");
  if (!metadata) {
    append(object, element("metadata", {}, [ownerElement(owner, memory)]));
    return;
  }
  for (const node of [...metadata.childNodes]) if (isOwner(node)) metadata.removeChild(node);
  append(metadata, ownerElement(owner, memory));
}

/**
 * Memory in KiB that a domain with a limit is to have now, from the owner's element. Its `currentMemory` cannot tell: in a running domain that is what the guest has given
 * back so far, which is nothing before it has booted.
 *
 * @returns undefined for a domain without a limit, which has all of its `memory`
 */
export function readWantedMemory(object: Element): number | undefined {
  const element = [...(descend(object, "metadata")?.childNodes ?? [])].find((node): node is Element => isOwner(node as Element));
  const memory = attribute(element, "memory");
  return memory === undefined ? undefined : Number(memory);
}

/** Reads the owner from a domain's or network's XML. Undefined for a stranger's. */
export function readOwner(object: Element): Owner | undefined {
  const metadata = descend(object, "metadata");
  const element = [...(metadata?.childNodes ?? [])].find((node): node is Element => isOwner(node as Element));
  const deployment = attribute(element, "deployment");
  if (!element || deployment === undefined) return undefined;
  const labels = [...element.childNodes]
    .filter((node): node is Element => node.namespaceURI === ownerNamespace && (node as Element).localName === "label")
    .map((label) => [attribute(label, "key") ?? "", label.textContent ?? ""] as const);
  return {
    deployment,
    lab: attribute(element, "lab") ?? "",
    name: attribute(element, "name") ?? "",
    provider: attribute(element, "provider") ?? "",
    labels: Object.fromEntries(labels),
  };
}

/** The element that `readOwner` reads; see ../README.md for its form. */
export function ownerElement(owner: Owner, memory?: number): XmlElement {
  return write(owner, memory, "t:", ownerNamespace);
}

/** The same as `virsh metadata --set` takes it: libvirt puts the namespace in. */
export function bareOwnerElement(owner: Owner, memory?: number): XmlElement {
  return write(owner, memory, "");
}

function write(
  { deployment, lab, name, provider, labels }: Owner,
  memory: number | undefined,
  prefix: string,
  namespace?: string,
): XmlElement {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  const children = sorted.map(([key, value]) => element(`${prefix}label`, { key }, [value], namespace));
  return element(`${prefix}terrarium`, { deployment, lab, name, provider, memory }, children, namespace);
}

/** True if the object is one of those that are asked for. An empty filter takes strangers, too. */
export function matchesOwner(owner: Owner | undefined, { deployment, lab }: OwnerFilter): boolean {
  return (deployment === undefined || owner?.deployment === deployment) && (lab === undefined || owner?.lab === lab);
}
