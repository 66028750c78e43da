import { canonicalJson } from "../lab/canonical-json.ts";
import type { ResourceChange } from "../terraform/plan.ts";
import { Size } from "../units/size.ts";
import { change, keyChanges, size, type Concern } from "./difference.ts";
import type { PlannedSandbox } from "./plan-objects.ts";
import { asBytes, asRecord, asString } from "./values.ts";

/**
 * What a sandbox's trigger (`terraform_data`) keeps of how it was made: hashes, sizes and the seed's file. It is in the state, so it tells why something is made
 * anew where the applied lab does not: because there is none, or because it does not know of an apply that failed.
 */
export interface TriggerInput {
  /** Hash of the domain's settings. */
  readonly definition?: string;
  /** `<digest of the image>/<bytes of the root disk>` */
  readonly disk?: string;
  /** Bytes of each extra disk, as text. */
  readonly disks: Readonly<Record<string, unknown>>;
  /** Name of the seed's file; empty without a seed. */
  readonly seed?: string;
}

export interface TriggerChange {
  readonly before: TriggerInput;
  readonly after: TriggerInput;
}

/**
 * What a sandbox was made with, and is to be made with. Our own provider needs no trigger: there its resources tell.
 *
 * @returns undefined where there was none before, or will be none
 */
export function triggerChange(planned: PlannedSandbox): TriggerChange | undefined {
  const { trigger, domain } = planned;
  if (domain?.type === "terrarium_sandbox") {
    const { before, after } = domain.change;
    return before && after ? { before: resourceInput(planned, "before"), after: resourceInput(planned, "after") } : undefined;
  }
  const [before, after] = [asRecord(trigger?.change.before), asRecord(trigger?.change.after)].map((values) => asRecord(values?.["input"]));
  return before && after && { before: read(before), after: read(after) };
}

function resourceInput({ domain, seed, disks }: PlannedSandbox, side: "before" | "after"): TriggerInput {
  const of = (resource: ResourceChange | undefined) => asRecord(resource?.change[side]);
  const bytes = (disk: ResourceChange | undefined) => Size.tryParse(asString(of(disk)?.["size"]) ?? "")?.bytes;
  const root = disks.get("root");
  const file = asString(of(seed)?.["file"]);
  const extra = [...disks].flatMap(([disk, resource]) => (disk === "root" || !of(resource) ? [] : [[disk, bytes(resource)] as const]));
  return {
    definition: canonicalJson(settings.map((key) => of(domain)?.[key] ?? null)),
    disk: `${asString(of(root)?.["image"]) ?? ""}/${bytes(root) ?? ""}`,
    disks: Object.fromEntries(extra),
    seed: file?.split("/").at(-1) ?? "",
  };
}

/** What a sandbox is made with beside its disks and its seed. */
const settings = [
  ...["name", "cpus", "max_cpus", "memory", "max_memory", "nics", "forwards", "labels", "autostart", "protect"],
  "shutdown_timeout",
];

function read(input: Readonly<Record<string, unknown>>): TriggerInput {
  const [definition, disk, seed] = [input["definition"], input["disk"], input["seed"]].map(asString);
  // Keys may have a prefix: Terraform can refer to `disks.disk_2nd`, but not to `disks.2nd`.
  const disks = Object.entries(asRecord(input["disks"]) ?? {}).map(([key, bytes]) => [key.replace(/^disk_/, ""), bytes]);
  return { definition, disk, seed, disks: Object.fromEntries(disks) };
}

/** What the trigger says about one concern, in the lab's words; nothing if it is as before. */
export function triggerReasons({ before, after }: TriggerChange, concern: Concern): string[] {
  if (concern === "domain") return before.definition === after.definition ? [] : ["its settings changed"];
  if (concern === "seed") return before.seed === after.seed ? [] : ["cloud-init or network settings changed"];
  if (concern === "disk root") return rootDiskReasons(before.disk, after.disk);
  const name = concern.slice("disk ".length);
  const found = keyChanges(before.disks, after.disks).find(({ key }) => key === name);
  if (found === undefined) return [];
  const [old, current] = [asBytes(before.disks[name]), asBytes(after.disks[name])];
  return [`disk ${name} ${old === undefined || current === undefined ? found.what : change(size(old), size(current))}`];
}

function rootDiskReasons(before = "", after = ""): string[] {
  const [[oldImage, oldSize], [image, newSize]] = [before.split("/"), after.split("/")];
  const [old, current] = [asBytes(oldSize), asBytes(newSize)];
  const told = oldImage === image ? [] : ["its image changed"];
  if (oldSize !== newSize)
    told.push(old === undefined || current === undefined ? "root disk changed" : `root disk ${change(size(old), size(current))}`);
  return told;
}
