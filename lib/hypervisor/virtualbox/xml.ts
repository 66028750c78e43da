import { DOMParser, type Element } from "@xmldom/xmldom";

/** Parses a settings file of VirtualBox. @throws Error for text that is none, also for a file that is cut short */
export function parseSettings(text: string): Element {
  const parser = new DOMParser({
    onError: (level, message) => {
      if (level !== "warning") throw new Error(`VirtualBox's settings cannot be read: ${message}`);
    },
  });
  const root = parser.parseFromString(text, "text/xml").documentElement;
  if (!root) throw new Error("VirtualBox's settings have no root element");
  return root;
}

/** The children of that name, in order, found along a path of names. @example elements(root, "Global", "MachineRegistry", "MachineEntry") */
export function elements(parent: Element | undefined, ...path: readonly string[]): Element[] {
  return path.reduce<Element[]>(
    (parents, name) => parents.flatMap((one) => [...one.childNodes].filter((node): node is Element => node.nodeName === name)),
    parent ? [parent] : [],
  );
}

/** The attribute, or undefined if it is not there. */
export function attribute(element: Element | undefined, name: string): string | undefined {
  return element?.getAttribute(name) ?? undefined;
}

/** A UUID as the settings write it (`{…}`), bare. */
export function bareUuid(text: string | undefined): string {
  return (text ?? "").replace(/^\{|\}$/g, "").toLowerCase();
}

/** `ExtraData` of the whole registry or of one machine. */
export function readExtraData(parent: Element | undefined): Map<string, string> {
  return new Map(
    elements(parent, "ExtraData", "ExtraDataItem").map((item) => [attribute(item, "name") ?? "", attribute(item, "value") ?? ""]),
  );
}
