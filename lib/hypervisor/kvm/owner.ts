import type { Element } from "@xmldom/xmldom";
import type { Owner, OwnerFilter } from "../hypervisor.ts";
import { append, element, type XmlElement } from "./element.ts";
import { attribute, descend } from "./xml.ts";

/** Namespace of the element that says whose a domain or network is; see ../README.md for its form. */
export const ownerNamespace = "https://terrarium.internal/xmlns/1";

const isOwner = (node: { readonly namespaceURI?: string | null; readonly localName?: string | null }): boolean =>
  node.namespaceURI === ownerNamespace && node.localName === "terrarium";

/** Puts the owner into a domain's or network's XML in place of the one that is there; what others keep in the metadata stays. */
export function replaceOwner(object: Element, owner: Owner): void {
  const metadata = descend(object, "metadata");
  if (!metadata) {
    append(object, element("metadata", {}, [ownerElement(owner)]));
    return;
  }
  for (const node of [...metadata.childNodes]) if (isOwner(node)) metadata.removeChild(node);
  append(metadata, ownerElement(owner));
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
export function ownerElement(owner: Owner): XmlElement {
  return write(owner, "t:", ownerNamespace);
}

/** The same as `virsh metadata --set` takes it: libvirt puts the namespace in. */
export function bareOwnerElement(owner: Owner): XmlElement {
  return write(owner, "");
}

function write({ deployment, lab, name, provider, labels }: Owner, prefix: string, namespace?: string): XmlElement {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  const children = sorted.map(([key, value]) => element(`${prefix}label`, { key }, [value], namespace));
  return element(`${prefix}terrarium`, { deployment, lab, name, provider }, children, namespace);
}

/** True if the object is one of those that are asked for. An empty filter takes strangers, too. */
export function matchesOwner(owner: Owner | undefined, { deployment, lab }: OwnerFilter): boolean {
  return (deployment === undefined || owner?.deployment === deployment) && (lab === undefined || owner?.lab === lab);
}
