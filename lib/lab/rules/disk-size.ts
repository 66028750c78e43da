import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { Size } from "../../units/size.ts";
import type { Path } from "../path.ts";

/** A root disk as this rule sees it. Sizes are what the guest sees, in bytes. */
export interface RootDisk {
  readonly size: number;
  readonly image: { readonly name: string; readonly size?: number };
  readonly path: Path;
}

/** Checks that a disk is at least as large as the image it starts from, where that size is known. */
export function checkDiskSize({ size, image, path }: RootDisk): Diagnostic[] {
  if (image.size === undefined || size >= image.size) return [];
  const least = Size.bytes(image.size).toString();
  return [
    {
      code: "DISK_SMALLER_THAN_IMAGE",
      severity: "error",
      path,
      summary: `${Size.bytes(size).toString()} cannot hold image "${image.name}" (${least})`,
      nextStep: `Set disk to at least ${least}, or leave it out.`,
    },
  ];
}
