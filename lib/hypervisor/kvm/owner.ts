import type { Element } from "@xmldom/xmldom";
import type { Owner, OwnerFilter } from "../hypervisor.ts";
import { attribute, descend } from "./xml.ts";

/** Namespace of the element that says whose a domain or network is; see ../README.md for its form. */
export const ownerNamespace = "https://terrarium.internal/xmlns/1";

/** Reads the owner from a domain's or network's XML. Undefined for a stranger's. */
export function readOwner(object: Element): Owner | undefined {
  const metadata = descend(object, "metadata");
  const element = [...(metadata?.childNodes ?? [])].find(
    (node): node is Element => node.namespaceURI === ownerNamespace && (node as Element).localName === "terrarium",
  );
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

/** True if the object is one of those that are asked for. An empty filter takes strangers, too. */
export function matchesOwner(owner: Owner | undefined, { deployment, lab }: OwnerFilter): boolean {
  return (deployment === undefined || owner?.deployment === deployment) && (lab === undefined || owner?.lab === lab);
}
