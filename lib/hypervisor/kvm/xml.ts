import { DOMParser, type Element } from "@xmldom/xmldom";

/** Parses libvirt's XML. @throws Error for text that is none: libvirt's own output always is */
export function parseXml(text: string): Element {
  const parser = new DOMParser({
    // XML 1.0, which libvirt writes: other line ends than CR and LF are text like any other.
    normalizeLineEndings: (source) => source.replace(/\r\n?/g, "\n"),
    onError: (level, message) => {
      if (level !== "warning") throw new Error(`libvirt's XML cannot be read: ${message}`);
    },
  });
  const root = parser.parseFromString(text, "text/xml").documentElement;
  if (!root) throw new Error("libvirt's XML has no root element");
  return root;
}

/** The children of that name, in order. */
export function children(parent: Element | undefined, name: string): Element[] {
  return [...(parent?.childNodes ?? [])].filter((node): node is Element => node.nodeName === name);
}

/** The first descendant along a path of names. @example descend(domain, "os", "type") */
export function descend(parent: Element | undefined, ...path: readonly string[]): Element | undefined {
  return path.reduce<Element | undefined>((element, name) => children(element, name)[0], parent);
}

/** The attribute, or undefined if it is not there. */
export function attribute(element: Element | undefined, name: string): string | undefined {
  return element?.getAttribute(name) ?? undefined;
}

/** The text along a path of names, or undefined if it is not there. */
export function textOf(parent: Element | undefined, ...path: readonly string[]): string | undefined {
  return descend(parent, ...path)?.textContent?.trim();
}
