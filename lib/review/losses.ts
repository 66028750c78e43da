import type { LabSandbox } from "../lab/lab.ts";
import { Size } from "../units/size.ts";
import { effectOf, type PlannedSandbox } from "./plan-objects.ts";
import { asBytes, asRecord, asString } from "./values.ts";
import type { Loss } from "./verdicts.ts";

/**
 * The disks that the plan removes, for good or to make them anew, with the root disk first. A disk whose sandbox was never made holds nothing: a first apply that failed is
 * finished without asking.
 *
 * @param applied the sandbox as it was applied, if it ever was
 * @param lostDomain true if Terraform found that its domain had been removed behind its back
 */
export function lossesOf(planned: PlannedSandbox, applied: LabSandbox | undefined, lostDomain: boolean): Loss[] {
  const made = lostDomain || (planned.domain?.change.before ?? null) !== null;
  const lost = [...planned.disks].filter(([, disk]) => {
    const effect = effectOf(disk);
    if (effect !== "delete" && effect !== "replace") return false;
    // Tainted: making the disk itself failed, so no sandbox ever had it.
    return made || (applied !== undefined && disk.action_reason !== "replace_because_tainted");
  });
  return lost
    .map(([disk, { change }]): Loss => {
      const size = declaredSize(applied, disk) ?? stateSize(asRecord(change.before));
      return { disk, ...(size !== undefined && { size }), host: planned.host };
    })
    .toSorted((a, b) => Number(b.disk === "root") - Number(a.disk === "root") || (a.disk < b.disk ? -1 : 1));
}

function declaredSize(sandbox: LabSandbox | undefined, disk: string): number | undefined {
  return disk === "root" ? sandbox?.disk : sandbox?.disks.find(({ name }) => name === disk)?.size;
}

/** `capacity` in bytes of the one provider, `size` with its unit of the other. */
function stateSize(disk: Readonly<Record<string, unknown>> | undefined): number | undefined {
  const size = asString(disk?.["size"]);
  return asBytes(disk?.["capacity"]) ?? (size === undefined ? undefined : Size.tryParse(size)?.bytes);
}
