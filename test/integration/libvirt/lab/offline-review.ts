import { execa } from "execa";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Review } from "../../../../lib/review/review.ts";
import type { Verdicts } from "../../../../lib/review/verdicts.ts";
import type { LabRunner } from "../../../fixtures/lab-runner.ts";

const git = async (labs: LabRunner, ...args: readonly string[]): Promise<void> => {
  await execa("git", ["-c", "user.name=t", "-c", "user.email=t@example.test", ...args], {
    cwd: labs.directory,
    env: { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
  });
};

/** The lab as it was just applied becomes what a review compares with. */
export async function commitApplied(labs: LabRunner): Promise<void> {
  if (!existsSync(join(labs.directory, ".git"))) await git(labs, "init", "--quiet", "--initial-branch=main");
  await git(labs, "add", "lab.yaml", "terrarium.lock.yaml");
  await git(labs, "commit", "--quiet", "--allow-empty", "-m", "applied");
}

/**
 * A reviewer sees no plan: without a host and a state, `terrarium review` has to say the same of the lab as the plan of what really runs.
 *
 * @param verdicts of the plan
 */
export async function expectSameOffline(labs: LabRunner, verdicts: Verdicts): Promise<void> {
  const { stdout, stderr } = await labs.run(["review", "--base", "main", "--format", "json", "lab.yaml"]);
  if (stdout === "") throw new Error(stderr);
  const [review] = (JSON.parse(stdout) as Review).labs;
  // What somebody did to the host by hand is no part of a change.
  const drifted = verdicts.drift.map(({ object }) => object.replace(/^\w+ /, ""));
  const words = (objects: readonly { readonly name: string; readonly word: string }[]): Record<string, string> =>
    Object.fromEntries(
      objects.filter(({ name, word }) => word !== "none" && !drifted.includes(name)).map(({ name, word }) => [name, word]),
    );
  expect(words(review?.sandboxes ?? []), JSON.stringify(review)).toEqual(words(verdicts.sandboxes));
  expect(words(review?.networks ?? []), JSON.stringify(review)).toEqual(words(verdicts.networks));
  const losses = ({ sandboxes }: Pick<Verdicts, "sandboxes">): unknown =>
    sandboxes.flatMap(({ name, losses: lost }) => lost.map(({ disk, size }) => ({ name, disk, size })));
  expect(losses({ sandboxes: (review?.sandboxes ?? []) as unknown as Verdicts["sandboxes"] })).toEqual(losses(verdicts));
}
