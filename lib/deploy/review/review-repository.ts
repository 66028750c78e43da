import { posix } from "node:path";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { hasErrors } from "../../diagnostics/diagnostic.ts";
import { commitFiles } from "../../git/commit-files.ts";
import type { RepositoryFiles } from "../../git/repository-files.ts";
import { commitOf, findRepository, mergeBase } from "../../git/repository.ts";
import { workingFiles } from "../../git/working-files.ts";
import type { Variables } from "../../labfile/variables.ts";
import { compareLabs } from "../../review/compare-labs.ts";
import { problemOf, reviewLab } from "../../review/review-lab.ts";
import { invalidReview, removedReview } from "../../review/unjudged.ts";
import type { LabReview, Review } from "../../review/review.ts";
import { findLabs } from "./find-labs.ts";
import { linkOn, openLabAt, type LabAt } from "./open-lab-at.ts";

export interface ReviewRepositoryOptions {
  readonly cwd: string;
  /** What runs, or will run before the change: a name of a commit, such as `origin/main`. The change is compared with where it parted from it. */
  readonly base: string;
  /** @default - the working tree */
  readonly head?: string;
  /** Lab files, relative to `cwd`. @default - all in the repository */
  readonly files?: readonly string[];
  readonly variables?: Variables;
  readonly env: Readonly<NodeJS.ProcessEnv>;
}

/** What was compared, for whoever goes on with it. */
export interface ReviewedRepository {
  readonly review: Review;
  /** Labs that could be read on their new side, by file. */
  readonly heads: ReadonlyMap<string, LabAt>;
  readonly bases: ReadonlyMap<string, LabAt>;
  /** The files of the base's tip: its policy judges, also where the change parted from an older one. */
  readonly tip: RepositoryFiles;
  readonly headFiles: RepositoryFiles;
}

/**
 * Reviews what a change does to all labs of a repository, from git's objects and the working tree alone: no network, no hypervisor, no state, no secret, and nothing of the change is run.
 *
 * @throws DiagnosticError NO_REPOSITORY, GIT_REF_UNKNOWN, GIT_MISSING, LAB_FILE_MISSING
 */
export async function reviewRepository(options: ReviewRepositoryOptions): Promise<ReviewedRepository> {
  const repository = await findRepository(options.cwd);
  const { root } = repository;
  const tipCommit = await commitOf(repository, options.base);
  const headCommit = await commitOf(repository, options.head ?? "HEAD");
  const parted = await mergeBase(repository, tipCommit, headCommit);
  const baseCommit = parted ?? tipCommit;
  const tip = await commitFiles(root, tipCommit);
  const baseFiles = baseCommit === tipCommit ? tip : await commitFiles(root, baseCommit);
  const headFiles = options.head === undefined ? await workingFiles(root) : await commitFiles(root, headCommit);
  const [before, after] = [await findLabs(baseFiles), await findLabs(headFiles)];
  const wanted = options.files?.map((file) => posix.normalize(posix.join(repository.prefix, file)));
  const paths = [...new Set([...before.keys(), ...after.keys(), ...(wanted ?? [])])].filter((path) => wanted?.includes(path) ?? true);

  const labs: LabReview[] = [];
  const [heads, bases] = [new Map<string, LabAt>(), new Map<string, LabAt>()];
  let unchanged = 0;
  for (const path of paths.toSorted()) {
    const open = async (files: RepositoryFiles, known: ReadonlyMap<string, string>, lock?: LabAt["lock"]) => {
      // A file that is a lab on the other side is one here, whatever it looks like.
      const text = known.get(path) ?? (await files.read([path])).get(path);
      if (text === undefined) return undefined;
      const { variables, env } = options;
      return await openLabAt({ files, path, text, variables, lock, hypervisorFromEnvironment: env["HYPERVISOR"] });
    };
    const base = await open(baseFiles, before);
    const head = await open(headFiles, after, base?.lock);
    const refused = head ? undefined : linkOn(path, headFiles);
    if (!base && !head && refused === undefined) throw missing(path);
    if (base) bases.set(path, base);
    if (head) heads.set(path, head);
    if (refused !== undefined) labs.push(invalidReview(path, base?.lab, [refused]));
    else if (base && head && sameInputs(base, head)) unchanged += 1;
    else labs.push(reviewOf(path, base, head));
  }
  return {
    review: {
      format: 1,
      base: { name: options.base, commit: baseCommit },
      head: options.head === undefined ? { name: "working tree" } : { name: options.head, commit: headCommit },
      labs,
      unchanged,
      policy: [],
    },
    ...{ heads, bases, tip, headFiles },
  };
}

function reviewOf(file: string, base: LabAt | undefined, head: LabAt | undefined): LabReview {
  if (!head) return removedReview(file, base?.lab);
  if (!head.lab || hasErrors(head.diagnostics)) return invalidReview(file, base?.lab, head.diagnostics);
  const { lab, locate = () => undefined } = head;
  const renamed = base?.lab !== undefined && base.lab.name !== lab.name;
  const notes = [
    ...(base && !base.lab
      ? ["The base's version of this lab is in error: what runs now cannot be told, and every sandbox is shown as new."]
      : []),
    ...(renamed ? [`The lab was called ${base.lab?.name}: what runs under that name keeps running, and is nobody's from now on.`] : []),
  ];
  const former = renamed ? undefined : base?.lab;
  const unknownImages = new Set([...(base?.unknownImages ?? []), ...head.unknownImages]);
  const problems = head.diagnostics.filter(({ severity }) => severity !== "notice").map((diagnostic) => problemOf(diagnostic));
  return reviewLab({
    ...{ file, head: lab, locate, notes, problems, unknownImages },
    ...(former && { base: former }),
    verdicts: compareLabs({ ...(former && { base: former }), head: lab }),
    source: "labs",
  });
}

function sameInputs({ inputs: one }: LabAt, { inputs: other }: LabAt): boolean {
  return one.size === other.size && [...one].every(([path, text]) => other.get(path) === text);
}

function missing(path: string): DiagnosticError {
  return new DiagnosticError({
    code: "LAB_FILE_MISSING",
    severity: "error",
    summary: `neither side of the review has a plain file ${path}`,
    nextStep: "Name a lab file of the repository, or none: then all of them are reviewed.",
  });
}
