import type { LabForward } from "./lab.ts";
import type { Path, Report } from "./path.ts";
import type { SandboxDraft } from "./settings/expand-sandboxes.ts";
import { readInteger, readText } from "./settings/read-value.ts";

/** A forward before its port is planned. */
export interface ForwardDraft extends Omit<LabForward, "hostPort"> {
  /** As written; absent: any. */
  readonly hostPort?: number;
  /** Where diagnostics about it point. */
  readonly path: Path;
}

/** The forwards that a sandbox asks for. */
export function sandboxForwards({ settings, at }: SandboxDraft, report: Report): ForwardDraft[] {
  const names = new Set<string>();
  return (settings.forward ?? []).flatMap(({ host = "auto", guest, protocol = "tcp", address }, index): ForwardDraft[] => {
    const path = at("forward", index);
    const guestPort = readInteger(guest, 1, 65_535, () => [...path, "guest"], report);
    const hostPort = host === "auto" ? undefined : readInteger(host, 1, 65_535, () => [...path, "host"], report);
    const on = readText(address, () => [...path, "address"], report) ?? "127.0.0.1";
    if (guestPort === undefined || (host !== "auto" && hostPort === undefined)) return [];
    const base = `${protocol}-${guestPort}`;
    let name = base;
    for (let number = 2; names.has(name); number += 1) name = `${base}-${number}`;
    names.add(name);
    return [{ name, protocol, address: on, guestPort, path, ...(hostPort !== undefined && { hostPort }) }];
  });
}
