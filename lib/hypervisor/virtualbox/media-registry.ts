import { posix, win32 } from "node:path";
import type { Element } from "@xmldom/xmldom";
import { attribute, bareUuid, elements } from "./xml.ts";

/** Media by UUID. A differencing disk names its parent. */
export type Media = ReadonlyMap<string, Medium>;

export interface Medium {
  readonly id: string;
  readonly location: string;
  readonly parent?: string;
}

/**
 * Reads a `MediaRegistry`: the global one, or a machine's. Differencing disks stand inside their parent. Pure.
 *
 * @param file path of the settings file, which relative locations in it refer to
 */
export function readMedia(owner: Element | undefined, file: string): Media {
  const path = /^[A-Za-z]:[\\/]|^\\\\/.test(file) ? win32 : posix;
  const read = (element: Element, parent?: string): Medium[] => {
    const id = bareUuid(attribute(element, "uuid"));
    const location = path.resolve(path.dirname(file), attribute(element, "location") ?? "");
    return [
      { id, location, ...(parent === undefined ? {} : { parent }) },
      ...elements(element, "HardDisk").flatMap((child) => read(child, id)),
    ];
  };
  const tops = [...elements(owner, "MediaRegistry", "HardDisks", "HardDisk"), ...elements(owner, "MediaRegistry", "DVDImages", "Image")];
  return new Map(tops.flatMap((top) => read(top)).map((medium) => [medium.id, medium]));
}
