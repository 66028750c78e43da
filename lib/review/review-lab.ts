import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Lab, LabSandbox } from "../lab/lab.ts";
import { checkDiskSizes } from "./check-applied.ts";
import { checkLosses } from "./check-losses.ts";
import { cloudInitText } from "./cloud-init-text.ts";
import { costOf, costOfLab } from "./cost.ts";
import { same } from "./difference.ts";
import { graphOf } from "./graph/graph.ts";
import { renderMermaid } from "./graph/mermaid.ts";
import { lineDifference, type DiffLine } from "./line-difference.ts";
import { placeOf, type FindPlace, type Place } from "./place.ts";
import type { Downtime, LabReview, NetworkReview, PlacedReason, Problem, ReviewedImage, SandboxReview } from "./review.ts";
import type { NetworkVerdict, Reason, SandboxVerdict, SandboxWord, Verdicts } from "./verdicts.ts";

/** More sandboxes than these nobody sees in one picture. */
const mostDrawn = 60;

export interface ReviewLabInput {
  readonly file: string;
  readonly base?: Lab;
  readonly head: Lab;
  readonly verdicts: Verdicts;
  readonly source: LabReview["source"];
  /** Places in the new lab file. */
  readonly locate: FindPlace;
  readonly notes?: readonly string[];
  readonly problems?: readonly Problem[];
  /** Names of images whose digest nobody has recorded. */
  readonly unknownImages?: ReadonlySet<string>;
}

/** Puts what is known of one lab's change together. Pure. */
export function reviewLab(input: ReviewLabInput): LabReview {
  const { file, base, head, verdicts, source, notes = [], problems = [] } = input;
  const [sandboxes, networks] = [
    verdicts.sandboxes.map((verdict) => sandboxReview(verdict, input)),
    verdicts.networks.map((verdict) => networkReview(verdict, input)),
  ];
  const marked = { sandboxes, networks };
  const small = [base, head].every((lab) => Object.keys(lab?.sandboxes ?? {}).length <= mostDrawn);
  const refusals = [...checkDiskSizes({ applied: base, lab: head }), ...protectedLosses(input)];
  return {
    file,
    lab: head.name,
    change: base ? "changed" : "added",
    source,
    ...marked,
    images: imageChanges(input),
    cost: { before: costOfLab(base), after: costOfLab(head) },
    drift: verdicts.drift,
    deviations: [],
    others: verdicts.others,
    notes,
    problems: [...problems, ...refusals.map((diagnostic) => problemOf(diagnostic, input.locate))],
    ...(small && {
      topology: { before: base ? renderMermaid(graphOf(base, marked)) : "", after: renderMermaid(graphOf(head, marked)) },
    }),
  };
}

/** A diagnostic, as far as a reader of a review needs it. */
export function problemOf({ code, severity, summary, nextStep, path, source }: Diagnostic, locate?: FindPlace): Problem {
  const place = placeOf(source ?? (path && locate?.(path)));
  return { code, severity, text: summary, ...(nextStep !== undefined && { nextStep }), ...(place && { place }) };
}

function protectedLosses({ base, head, verdicts }: ReviewLabInput): Diagnostic[] {
  return checkLosses(verdicts, { allowLoss: [], lab: head, ...(base && { applied: base }), destroying: true });
}

const downtimes: Readonly<Record<SandboxWord, Downtime>> = {
  none: "none",
  update: "none",
  create: "none",
  grow: "none",
  reboot: "restart",
  reseed: "restart",
  rebuild: "rebuild",
  destroy: "gone",
};

function sandboxReview(verdict: SandboxVerdict, input: ReviewLabInput): SandboxReview {
  const { base, head, locate } = input;
  const { name, host, word, losses, facts } = verdict;
  const [before, after] = [base?.sandboxes[name], head.sandboxes[name]];
  const place = placeOf(locate(verdict.path));
  const cloudInit = before && after && word !== "create" ? cloudInitDifference(before, after) : undefined;
  return {
    name,
    host,
    word,
    reasons: placedReasons(verdict.reasons, locate),
    losses,
    follows: followsOf(verdict),
    facts,
    downtime: downtimes[word],
    protected: before?.protect === true || after?.protect === true,
    labels: after?.labels ?? before?.labels ?? {},
    ...(place && { place }),
    addresses: sides(before && addressesOf(before), after && addressesOf(after)),
    image: sides(before && base && imageOf(base, before, input), after && imageOf(head, after, input)),
    cost: sides(before && costOf(before), after && costOf(after)),
    ...(cloudInit && { cloudInit }),
  };
}

function sides<T>(before: T | undefined, after: T | undefined): { before?: T; after?: T } {
  return { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}

function placedReasons(reasons: readonly Reason[], locate: FindPlace): PlacedReason[] {
  return reasons.map(({ text, path }): PlacedReason => {
    const place: Place | undefined = placeOf(path && locate(path));
    return { text, ...(place && { place }) };
  });
}

/** What the word alone does not say. */
function followsOf({ word, stops, losses }: SandboxVerdict): string[] {
  if (word === "reseed") return ["it is shut down and started again, and cloud-init runs again on the disks that it has"];
  if (word === "reboot") return ["it is shut down and started again; cloud-init does not run again"];
  if (word === "rebuild")
    return losses.some(({ disk }) => disk === "root")
      ? ["it boots from its image as if for the first time, and cloud-init runs on an empty root disk"]
      : ["it is shut down, and starts with a disk that is empty"];
  if (word === "destroy") return ["it is gone with all of its disks"];
  return stops ? ["it is shut down and started again"] : [];
}

function addressesOf({ name, nics }: LabSandbox): string[] {
  return nics.map(({ address, network }) => `${address ?? "no fixed address"} (${network === name ? "own network" : network})`);
}

function imageOf(lab: Lab, { image }: LabSandbox, { unknownImages }: ReviewLabInput): ReviewedImage {
  return { name: image, digest: unknownImages?.has(image) ? "unknown" : (lab.images[image]?.digest ?? "unknown") };
}

function cloudInitDifference(before: LabSandbox, after: LabSandbox): DiffLine[] | undefined {
  if (same([before.cloudInit, before.user, before.sshKeys, before.seed], [after.cloudInit, after.user, after.sshKeys, after.seed]))
    return undefined;
  const lines = lineDifference(cloudInitText(before), cloudInitText(after));
  return lines.length > 0 ? lines : [{ kind: "same", text: "(only masked text is different)" }];
}

function imageChanges({ base, head, unknownImages }: ReviewLabInput): LabReview["images"] {
  return Object.values(head.images).flatMap(({ name, digest }) => {
    const before = base?.images[name]?.digest;
    if (unknownImages?.has(name))
      return [{ name, text: "its file's checksum is not in the lock: whether its content changes cannot be told" }];
    if (base === undefined || before === digest) return [];
    if (before === undefined) return [{ name, after: digest, text: "new" }];
    const upstream = same(base.images[name]?.source, head.images[name]?.source);
    return [
      { name, before, after: digest, text: upstream ? "the same source has other content now" : "another image under the same name" },
    ];
  });
}

function networkReview(verdict: NetworkVerdict, { locate }: ReviewLabInput): NetworkReview {
  const { name, host, ownedBy, word, reasons, facts, reboots } = verdict;
  const place = placeOf(locate(verdict.path));
  return {
    name,
    host,
    ...(ownedBy !== undefined && { ownedBy }),
    word,
    reasons: placedReasons(reasons, locate),
    facts,
    follows: reboots.length > 0 ? [`reboots ${reboots.join(", ")}`] : [],
    reboots,
    ...(place && { place }),
  };
}
