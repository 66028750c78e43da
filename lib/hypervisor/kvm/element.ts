import { DOMImplementation, XMLSerializer, type Document, type Element } from "@xmldom/xmldom";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";

/** An element that is to be written. Attributes that are undefined are left out. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
  readonly children: readonly (XmlElement | string | undefined)[];
  readonly namespace?: string;
}

/** Describes an element; nothing is escaped here, all of it when it is written. @example element("bridge", { name: "trm-front" }) */
export function element(
  name: string,
  attributes: XmlElement["attributes"] = {},
  children: XmlElement["children"] = [],
  namespace?: string,
): XmlElement {
  return { name, attributes, children, ...(namespace === undefined ? {} : { namespace }) };
}

/** Writes an element as text. @throws DiagnosticError DEFINITION_REFUSED for a character that XML cannot hold */
export function xmlText(root: XmlElement): string {
  return serialize(build(new DOMImplementation().createDocument(null, ""), root));
}

/** Writes a parsed and perhaps edited element as text. */
export function serialize(node: Element): string {
  // A parser turns a carriage return into a line feed, unless it is written as a number.
  return new XMLSerializer().serializeToString(node).replaceAll("\r", "&#13;");
}

/** Puts an element at the end of a parsed one. */
export function append(parent: Element, child: XmlElement): void {
  if (!parent.ownerDocument) throw new Error("A parsed element belongs to a document");
  parent.appendChild(build(parent.ownerDocument, child));
}

function build(document: Document, { name, attributes, children, namespace }: XmlElement): Element {
  const node = namespace === undefined ? document.createElement(name) : document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) node.setAttribute(key, allowed(String(value)));
  for (const child of children) {
    if (child === undefined) continue;
    node.appendChild(typeof child === "string" ? document.createTextNode(allowed(child)) : build(document, child));
  }
  return node;
}

/** XML 1.0, production `Char`: no control characters but tab and line ends, no halves of surrogate pairs. */
function allowed(text: string): string {
  const bad = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.exec(text);
  if (!bad) return text;
  throw new DiagnosticError({
    code: "DEFINITION_REFUSED",
    severity: "error",
    summary: `${JSON.stringify(text)} has the character ${JSON.stringify(bad[0])}, which libvirt's XML cannot hold`,
    nextStep: "Take the control character out of that name or label.",
  });
}
