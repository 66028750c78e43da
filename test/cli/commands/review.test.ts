import { chmodSync, existsSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Review } from "../../../lib/review/review.ts";
import { GitRepository } from "../../fixtures/git-repository.ts";
import { runTerrarium, smallLab, temporaryFolder } from "../run-terrarium.ts";

async function reviewed(repository: GitRepository, ...more: string[]): Promise<Review> {
  const { stdout, stderr } = await runTerrarium(repository.folder, ["review", "--base", "main", "--format", "json", ...more]);
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as Review;
}

const words = ({ labs }: Review) =>
  labs.map(({ file, sandboxes }) => [file, Object.fromEntries(sandboxes.map(({ name, word }) => [name, word]))]);

test("a review tells what the working tree would do to what the base has", async () => {
  const repository = new GitRepository({ "lab.yaml": smallLab });
  repository.write({
    "lab.yaml": smallLab.replace("db: {", "db: { memory: 2GiB,").replace("suite: bookworm", "suite: bookworm, packages: [curl]"),
  });
  const review = await reviewed(repository);
  expect(words(review)).toEqual([["lab.yaml", { db: "rebuild", "web-1": "rebuild", "web-2": "rebuild" }]]);
  const db = review.labs[0]?.sandboxes.find(({ name }) => name === "db");
  expect(db).toMatchObject({
    downtime: "rebuild",
    losses: [{ disk: "root" }],
    reasons: [{ place: { file: "lab.yaml", line: 3 } }, { place: { line: 8 } }],
  });
  const text = await runTerrarium(repository.folder, ["review", "--base", "main"]);
  expect(text.stdout).toContain("LOSES root disk (10GiB)");
  expect(text.exitCode).toBe(0);
});

test("all labs that changed are one review, and those that did not are counted", async () => {
  const other = smallLab.replace("lab: demo", "lab: other");
  const repository = new GitRepository({
    "a/lab.yaml": smallLab,
    "b/lab.yaml": other,
    "c/lab.yaml": other,
    ".github/workflows/ci.yaml": "on: push\n",
  });
  repository.git("switch", "--quiet", "-c", "change");
  repository.write({ "a/lab.yaml": smallLab.replace("count: 2", "count: 3"), "d.yml": smallLab });
  rmSync(join(repository.folder, "b/lab.yaml"));
  repository.commit("change");
  const review = await reviewed(repository, "--head", "change");
  expect(review.unchanged).toBe(1);
  expect(review.labs.map(({ file, change }) => [file, change])).toEqual([
    ["a/lab.yaml", "changed"],
    ["b/lab.yaml", "removed"],
    ["d.yml", "added"],
  ]);
  expect(words(review)[0]).toEqual(["a/lab.yaml", { db: "none", "web-1": "none", "web-2": "none", "web-3": "create" }]);
});

test("what the base has got since the change parted from it is no part of the review", async () => {
  const repository = new GitRepository({ "lab.yaml": smallLab });
  repository.git("branch", "change");
  repository.write({ "lab.yaml": smallLab.replace("count: 2", "count: 5") });
  repository.commit("later on main");
  repository.git("switch", "--quiet", "change");
  repository.write({ "lab.yaml": smallLab.replace("db: {", "db: { cpus: 2,") });
  expect(words(await reviewed(repository))).toEqual([["lab.yaml", { db: "reboot", "web-1": "none", "web-2": "none" }]]);
});

test("a change of user-data or of the lock alone is a change of its lab", async () => {
  const lab = smallLab.replace("db: {", "db: { cloudInit: { userData: { file: ./db.yaml } },");
  const repository = new GitRepository({ "lab.yaml": lab, "db.yaml": "#cloud-config\npackages: [one]\n" });
  repository.write({ "db.yaml": "#cloud-config\npackages: [two]\n" });
  const review = await reviewed(repository);
  expect(words(review)).toEqual([["lab.yaml", { db: "reseed", "web-1": "none", "web-2": "none" }]]);
  const lines = review.labs[0]?.sandboxes
    .find(({ name }) => name === "db")
    ?.cloudInit?.filter(({ kind }) => kind !== "same" && kind !== "gap");
  expect(lines?.map(({ kind, text }) => [kind, text.trim()])).toEqual([
    ["removed", "packages: [one]"],
    ["added", "packages: [two]"],
  ]);
});

test.each([
  ["/etc/passwd", "outside"],
  ["~/.ssh/id_ed25519", "outside"],
  ["../../etc/passwd", "outside"],
  ["./link.yaml", "symbolic link"],
  ["./folder/passwd", "symbolic link"],
])("a file that is not in the repository is not read: %s", async (file, reason) => {
  const repository = new GitRepository({ "lab.yaml": smallLab });
  repository.write({ "lab.yaml": smallLab.replace("db: {", `db: { cloudInit: { userData: { file: ${file} } },`) });
  symlinkSync("/etc/passwd", join(repository.folder, "link.yaml"));
  symlinkSync("/etc", join(repository.folder, "folder"));
  for (const head of [[], ["--head", "HEAD"]]) {
    repository.commit("change");
    const review = await reviewed(repository, "--base", "HEAD~1", ...head);
    if (review.labs.length === 0) continue;
    expect(review.labs[0]?.problems[0]).toMatchObject({ code: "REVIEW_FILE_REFUSED", text: expect.stringContaining(reason) as string });
    expect(JSON.stringify(review)).not.toContain("root:");
  }
});

test("a lab file that became a symbolic link is told, not followed", async () => {
  const repository = new GitRepository({ "lab.yaml": smallLab });
  rmSync(join(repository.folder, "lab.yaml"));
  symlinkSync("/etc/passwd", join(repository.folder, "lab.yaml"));
  repository.commit("change");
  for (const head of [[], ["--head", "HEAD"]]) {
    const { labs } = await reviewed(repository, "--base", "HEAD~1", ...head);
    expect(labs).toMatchObject([{ change: "invalid", problems: [{ code: "REVIEW_FILE_REFUSED" }] }]);
  }
});

test("nothing of the repository is run: no hook, no filter, no file-system monitor, no text conversion", async () => {
  const repository = new GitRepository({ "lab.yaml": smallLab });
  const trap = join(repository.folder, "trap.sh");
  const mark = join(repository.folder, "ran");
  repository.write({ "trap.sh": `#!/bin/sh\ntouch ${mark}\ncat\n`, ".gitattributes": "*.yaml filter=trap diff=trap\n" });
  chmodSync(trap, 0o755);
  for (const [key, value] of [
    ["core.fsmonitor", trap],
    ["filter.trap.clean", trap],
    ["filter.trap.smudge", trap],
    ["diff.trap.textconv", trap],
  ] as const)
    repository.git("config", key, value);
  repository.write({ "lab.yaml": smallLab.replace("count: 2", "count: 1") });
  const review = await reviewed(repository);
  expect(words(review)[0]?.[1]).toEqual({ db: "none", "web-1": "none", "web-2": "destroy" });
  expect(existsSync(mark)).toBe(false);
});

test("a lab in another spelling is found all the same", async () => {
  const repository = new GitRepository({ "README.md": "labs" });
  repository.write({ "x.yaml": `{"lab": hidden, images: {d: {bootstrap: {suite: bookworm}}}, "sandboxes": {a: {image: d}}}\n` });
  expect(words(await reviewed(repository))).toEqual([["x.yaml", { a: "create" }]]);
});

test("a lab in error is an error of the review, with its place, and the others are reviewed", async () => {
  const repository = new GitRepository({ "a.yaml": smallLab, "b.yaml": smallLab });
  repository.write({ "a.yaml": smallLab.replace("count: 2", "cuont: 2"), "b.yaml": smallLab.replace("count: 2", "count: 3") });
  const { exitCode, stdout } = await runTerrarium(repository.folder, ["review", "--base", "main", "--format", "json"]);
  const { labs } = JSON.parse(stdout) as Review;
  expect(exitCode).toBe(1);
  expect(labs).toMatchObject([
    { change: "invalid", problems: [{ code: "UNKNOWN_KEY", place: { file: "a.yaml", line: 7 } }] },
    { change: "changed" },
  ]);
});

test("what cannot be reviewed is an error with a way out", async () => {
  const repository = new GitRepository({ "lab.yaml": smallLab });
  const nowhere = await temporaryFolder();
  const said = async (folder: string, ...args: string[]) => (await runTerrarium(folder, ["review", ...args])).stderr;
  expect(await said(nowhere, "--base", "main")).toContain("NO_REPOSITORY");
  expect(await said(repository.folder, "--base", "--output=x")).toContain("GIT_REF_UNKNOWN");
  expect(await said(repository.folder, "--base", "main", "--format", "pdf")).toContain("BAD_OPTION");
  expect(await said(repository.folder, "--base", "main", "other.yaml")).toContain("LAB_FILE_MISSING");
});

test("exit code 2 stands for changes, with --detailed-exitcode only", async () => {
  const repository = new GitRepository({ "lab.yaml": smallLab });
  const code = async () => (await runTerrarium(repository.folder, ["review", "--base", "main", "--detailed-exitcode"])).exitCode;
  expect(await code()).toBe(0);
  repository.write({ "lab.yaml": smallLab.replace("count: 2", "count: 1") });
  expect(await code()).toBe(2);
});
