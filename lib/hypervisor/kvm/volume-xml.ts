import { element, xmlText } from "./element.ts";
import { attribute, descend, parseXml, textOf } from "./xml.ts";

/** A file that libvirt knows as a volume. */
export interface Volume {
  readonly path: string;
  /** What a guest would see, in bytes. */
  readonly sizeBytes: number;
  readonly format: string;
  /** File that it starts from. */
  readonly backingFile?: string;
  /** Permissions, as octal digits: `0444`. */
  readonly mode: string;
}

/**
 * A qcow2 volume's XML, readable by root and by the guest's QEMU only. Pure.
 *
 * Compat 1.1 is said, since libvirt would make the old format, which cannot grow once it has a snapshot.
 */
export function diskVolumeXml(fileName: string, sizeBytes: number, backingImage?: string): string {
  return volumeXml(fileName, sizeBytes, "qcow2", backingImage);
}

/** A volume for a file's content as it is: exactly its size, since a volume that is larger stays larger. Pure. */
export function rawVolumeXml(fileName: string, sizeBytes: number): string {
  return volumeXml(fileName, sizeBytes, "raw");
}

function volumeXml(fileName: string, sizeBytes: number, format: "qcow2" | "raw", backingImage?: string): string {
  return xmlText(
    element("volume", {}, [
      element("name", {}, [fileName]),
      element("capacity", { unit: "bytes" }, [String(sizeBytes)]),
      element("allocation", { unit: "bytes" }, ["0"]),
      element("target", {}, [
        element("format", { type: format }),
        element("permissions", {}, [element("mode", {}, ["0600"])]),
        format === "qcow2" ? element("compat", {}, ["1.1"]) : undefined,
      ]),
      backingImage === undefined
        ? undefined
        : element("backingStore", {}, [element("path", {}, [backingImage]), element("format", { type: "qcow2" })]),
    ]),
  );
}

/** Translates a volume's XML; libvirt gives sizes in bytes. Pure. */
export function readVolume(xml: string): Volume {
  const volume = parseXml(xml);
  const target = descend(volume, "target");
  const backingFile = textOf(volume, "backingStore", "path");
  return {
    path: textOf(target, "path") ?? "",
    sizeBytes: Number(textOf(volume, "capacity") ?? 0),
    format: attribute(descend(target, "format"), "type") ?? "",
    ...(backingFile === undefined ? {} : { backingFile }),
    mode: textOf(target, "permissions", "mode") ?? "",
  };
}
