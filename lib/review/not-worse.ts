import { lossText } from "./loss-text.ts";
import type { Review, SandboxReview } from "./review.ts";
import type { SandboxWord } from "./verdicts.ts";

const ranks: Readonly<Record<SandboxWord, number>> = {
  none: 0,
  create: 1,
  update: 1,
  grow: 1,
  reboot: 2,
  reseed: 3,
  rebuild: 4,
  destroy: 5,
};

/** Something that a later review says worse than the one that people have read. */
export interface Worse {
  readonly lab: string;
  readonly object: string;
  readonly reviewed: string;
  readonly now: string;
}

/** What of a review is worse than a former one: a harder verdict, another loss, a lab or sandbox that nobody has read about. Pure. */
export function worseThan(review: Review, reviewed: Review): Worse[] {
  return review.labs.flatMap((lab): Worse[] => {
    const former = reviewed.labs.find(({ file, lab: name }) => file === lab.file && name === lab.lab);
    const told = new Map(former?.sandboxes.map((sandbox) => [`${sandbox.host}/${sandbox.name}`, sandbox]));
    const sandboxes = lab.sandboxes.flatMap((sandbox) => {
      const before = told.get(`${sandbox.host}/${sandbox.name}`);
      const isWorse =
        ranks[sandbox.word] > ranks[before?.word ?? "none"] || lossesOf(sandbox).some((loss) => !lossesOf(before).includes(loss));
      return isWorse ? [{ lab: lab.lab, object: `sandbox ${sandbox.name}`, reviewed: saidOf(before), now: saidOf(sandbox) }] : [];
    });
    const networks = lab.networks.flatMap(({ name, host, word }) => {
      const before = former?.networks.find((network) => network.name === name && network.host === host)?.word ?? "none";
      const hard = (one: string): boolean => one === "replaced" || one === "destroy";
      return hard(word) && !hard(before) ? [{ lab: lab.lab, object: `network ${name}`, reviewed: before, now: word }] : [];
    });
    const error = lab.problems.find(({ severity }) => severity === "error");
    const failed = error && !former?.problems.some(({ severity }) => severity === "error");
    return [
      ...(failed ? [{ lab: lab.lab, object: `lab ${lab.lab}`, reviewed: "no error", now: error.text }] : []),
      ...sandboxes,
      ...networks,
    ];
  });
}

function lossesOf(sandbox: SandboxReview | undefined): string[] {
  return sandbox?.losses.map(({ disk, host }) => `${host}/${disk}`) ?? [];
}

function saidOf(sandbox: SandboxReview | undefined): string {
  if (!sandbox) return "none";
  return sandbox.losses.length === 0 ? sandbox.word : `${sandbox.word}, loses ${sandbox.losses.map(lossText).join(", ")}`;
}
