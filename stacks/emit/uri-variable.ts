import type { LabHost } from "../../lib/lab/lab.ts";
import type { HostVariable } from "./emitter.ts";
import { variable } from "./names.ts";

/** Where libvirt listens on a host. */
export function uriVariable({ name, uri }: LabHost): HostVariable {
  return {
    name: variable.hostUri(name),
    default: uri === undefined || uri === "embedded" ? "qemu:///system" : uri,
    description: `Where libvirt listens on host ${name}.`,
  };
}
