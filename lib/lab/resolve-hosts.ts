import { entryOf } from "./entry-of.ts";
import type { LabHost } from "./lab.ts";
import type { LabLock } from "./lock/lab-lock.ts";
import type { Report } from "./path.ts";
import { isDeclared } from "./resolve-reference.ts";
import type { SandboxDraft } from "./settings/expand-sandboxes.ts";
import type { WrittenLab } from "./written-lab.ts";

/** The host of a lab that declares none. */
const defaultHost = "local";

/** The host that a sandbox runs on: the one it names, else the lab's only one. Undefined where that was reported as an error. */
export function resolveHost({ hosts }: WrittenLab, { writtenAs, settings, path, at }: SandboxDraft, report: Report): string | undefined {
  const written = Object.keys(hosts ?? {});
  const declared = written.length === 0 ? [defaultHost] : written;
  const { host } = settings;
  if (host !== undefined) return isDeclared("host", host, declared, writtenAs, at("host"), report) ? host : undefined;
  if (declared.length === 1) return declared[0];
  report({
    code: "HOST_NOT_CHOSEN",
    severity: "error",
    path,
    summary: `sandbox "${writtenAs}" names no host, and the lab has ${declared.length}: ${[...declared].sort().join(", ")}`,
    nextStep: "Add `host` to the sandbox, or to `defaults`.",
  });
  return undefined;
}

/** Every host that has sandboxes, or that the lock still lists. */
export function labHosts({ hosts }: WrittenLab, used: ReadonlySet<string>, lock: LabLock | undefined): Record<string, LabHost> {
  const names = [...new Set([...used, ...Object.keys(lock?.hosts ?? {})])].sort();
  return Object.fromEntries(
    names.map((name) => {
      const uri = entryOf(hosts, name)?.uri ?? (used.has(name) ? undefined : entryOf(lock?.hosts, name)?.uri);
      return [name, { name, ...(uri !== undefined && { uri }), inUse: used.has(name) }];
    }),
  );
}
