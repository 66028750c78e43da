import { join, relative, sep } from "node:path";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import type { Owner } from "../hypervisor.ts";

/** Where Terrarium keeps what it makes for VirtualBox. All paths are absolute. Pure. */
export interface Layout {
  readonly directory: string;
  readonly images: string;
  readonly pools: string;
  readonly locks: string;
  readonly portsFile: string;
}

export function layoutOf(directory: string, images: string = join(directory, "images")): Layout {
  return { directory, images, pools: join(directory, "pools"), locks: join(directory, "locks"), portsFile: join(directory, "ports.json") };
}

/** A deployment's folder: `<lab>-<deployment>`, as its storage pool is called on KVM. */
export function poolName({ lab, deployment }: Pick<Owner, "lab" | "deployment">): string {
  return safeName(`${lab}-${deployment}`);
}

export const poolDirectory = (layout: Layout, owner: Owner): string => join(layout.pools, poolName(owner));
export const diskPath = (layout: Layout, owner: Owner, name: string): string =>
  join(poolDirectory(layout, owner), "disks", `${safeName(name)}.vdi`);
export const seedPath = (layout: Layout, owner: Owner, name: string): string => join(poolDirectory(layout, owner), "seeds", safeName(name));
export const imageDirectory = (layout: Layout, digest: string): string => join(layout.images, safeName(digest));

/** By id, so that whoever knows a sandbox's id knows its console. */
export const consolePath = (layout: Layout, id: string): string => join(layout.directory, "consoles", `${id}.log`);

/** The group under which VirtualBox's own window shows a deployment's sandboxes; it is also a folder in the path of their settings. */
export const groupOf = ({ lab }: Pick<Owner, "lab">): string => `/terrarium-${safeName(lab)}`;

/** Folder that VirtualBox makes for a sandbox's settings, snapshots and logs. */
export function machineDirectory(layout: Layout, owner: Owner, name: string): string {
  return join(poolDirectory(layout, owner), "sandboxes", groupOf(owner).slice(1), safeName(name));
}

/** True if a path lies in a directory. */
export function isInside(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way !== "" && !way.startsWith(`..${sep}`) && way !== ".." && !/^[A-Za-z]:/.test(way) && !way.startsWith(sep);
}

/**
 * Names become parts of paths, of VirtualBox's groups and of rules: letters, digits, `.`, `_`, `-` only. VirtualBox would turn anything else into `_` and let two names collide.
 *
 * @throws DiagnosticError BAD_NAME
 */
export function safeName(name: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/.test(name)) return name;
  throw new DiagnosticError({
    code: "BAD_NAME",
    severity: "error",
    summary: `${JSON.stringify(name)} cannot be the name of an object in VirtualBox`,
    nextStep: "Use letters, digits, dots, underscores and hyphens only, beginning with a letter or digit.",
  });
}
