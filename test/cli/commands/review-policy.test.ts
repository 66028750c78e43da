import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Review } from "../../../lib/review/review.ts";
import { GitRepository } from "../../fixtures/git-repository.ts";
import { runTerrarium, smallLab } from "../run-terrarium.ts";

const labelled = smallLab.replace("db: {", "db: { labels: { tier: data },");
const rules = `version: 1
rules:
  noLoss: { level: deny, labels: { tier: data } }
  limits: { level: deny, cpus: 4 }
  requiredLabels: { level: warn, labels: [tier] }
  noPlainSecrets: { level: deny }
`;

async function judged(repository: GitRepository, ...more: string[]) {
  const { stdout, stderr, exitCode } = await runTerrarium(repository.folder, ["review", "--base", "main", "--format", "json", ...more]);
  const review = stdout === "" ? undefined : (JSON.parse(stdout) as Review);
  return { exitCode, stderr, findings: review?.policy.map(({ rule, level, object }) => `${level} ${rule} ${object}`) };
}

test("the base's policy denies with exit code 4, and a warning does not", async () => {
  const repository = new GitRepository({ "lab.yaml": labelled, "terrarium.policy.yaml": rules });
  repository.write({ "lab.yaml": labelled.replace("count: 2", "count: 3") });
  expect(await judged(repository)).toMatchObject({ exitCode: 0, findings: ["warn requiredLabels sandbox web-1"] });
  repository.write({ "lab.yaml": labelled.replace("suite: bookworm", "suite: trixie") });
  expect(await judged(repository)).toMatchObject({
    exitCode: 4,
    findings: ["deny noLoss sandbox db", "warn requiredLabels sandbox web-1"],
  });
  const approved = await judged(repository, "--approve", "noLoss");
  expect(approved).toMatchObject({ exitCode: 0, findings: ["warn noLoss sandbox db", "warn requiredLabels sandbox web-1"] });
});

test("a change cannot help itself: taking the label, the rule or the policy away is denied all the same", async () => {
  const repository = new GitRepository({ "lab.yaml": labelled, "terrarium.policy.yaml": rules });
  const rebuilt = smallLab.replace("suite: bookworm", "suite: trixie");
  repository.write({ "lab.yaml": rebuilt });
  expect((await judged(repository)).findings).toContain("deny noLoss sandbox db");
  repository.write({ "terrarium.policy.yaml": rules.replace("noLoss: { level: deny", "noLoss: { level: warn") });
  expect((await judged(repository)).findings).toEqual(
    expect.arrayContaining(["deny noLoss sandbox db", "deny noLoss terrarium.policy.yaml"]) as string[],
  );
  rmSync(join(repository.folder, "terrarium.policy.yaml"));
  const { exitCode, findings } = await judged(repository);
  expect(exitCode).toBe(4);
  expect(findings).toEqual(expect.arrayContaining(["deny noLoss sandbox db", "deny limits terrarium.policy.yaml"]) as string[]);
});

test("the policy of the base's tip judges a change that parted before there was one", async () => {
  const repository = new GitRepository({ "lab.yaml": labelled });
  repository.git("branch", "change");
  repository.write({ "terrarium.policy.yaml": rules });
  repository.commit("a policy");
  repository.git("switch", "--quiet", "change");
  repository.write({ "lab.yaml": labelled.replace("db: {", "db: { cpus: 8,") });
  expect(await judged(repository)).toMatchObject({
    exitCode: 4,
    findings: expect.arrayContaining(["deny limits sandbox db"]) as string[],
  });
});

test("a change may bring a tighter policy, which judges it, too", async () => {
  const repository = new GitRepository({ "lab.yaml": labelled });
  repository.write({ "terrarium.policy.yaml": rules, "lab.yaml": labelled.replace("db: {", "db: { cpus: 8,") });
  expect((await judged(repository)).findings).toContain("deny limits sandbox db");
});

test("a secret in plain text is found and never shown", async () => {
  const repository = new GitRepository({ "lab.yaml": labelled, "terrarium.policy.yaml": rules });
  repository.write({ "lab.yaml": labelled.replace("db: {", 'db: { cloudInit: { runCmd: ["app --password=hunter2hunter2"] },') });
  expect(await judged(repository)).toMatchObject({
    exitCode: 4,
    findings: expect.arrayContaining(["deny noPlainSecrets sandbox db"]) as string[],
  });
  for (const format of ["text", "markdown", "html", "json", "sarif", "junit"]) {
    const { stdout } = await runTerrarium(repository.folder, ["review", "--base", "main", "--format", format]);
    expect(stdout.length).toBeGreaterThan(100);
    expect(stdout).not.toContain("hunter2");
  }
});

test("networks on the host's wires, ports for everybody and images from elsewhere are found", async () => {
  const strict = `version: 1
rules:
  noBridged: { level: deny }
  loopbackForwards: { level: deny }
  imageSources: { level: deny, allow: ["https://images.example/"] }
  imageDigest: { level: deny }
`;
  const repository = new GitRepository({ "lab.yaml": smallLab, "terrarium.policy.yaml": strict });
  const open = smallLab
    .replace("lab: demo", "lab: demo\nprovider: terrarium")
    .replace("front: { cidr: 10.20.0.0/24 }", "front: { cidr: 10.20.0.0/24 }\n  lan: { mode: bridged, bridge: br0 }")
    .replace("suite: bookworm } }", "suite: bookworm } }\n  own: { path: ./own.qcow2 }")
    .replace(
      "db: { image: debian-12, networks: [front]",
      "db: { image: own, networks: [front, lan], forward: [{ guest: 5432, host: 5432, address: 0.0.0.0 }]",
    );
  repository.write({ "lab.yaml": open });
  const { findings, stderr } = await judged(repository);
  expect(findings?.toSorted(), stderr).toEqual([
    "deny imageDigest image own",
    "deny imageSources image debian-12",
    "deny imageSources image own",
    "deny loopbackForwards sandbox db",
    "deny noBridged network lan",
  ]);
});

test("a policy of the base that is not understood stops the review", async () => {
  const repository = new GitRepository({ "lab.yaml": labelled, "terrarium.policy.yaml": rules.replace("noLoss", "noLos") });
  repository.write({ "lab.yaml": labelled.replace("count: 2", "count: 3") });
  const { exitCode, stderr } = await judged(repository);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("POLICY_INVALID");
});

test("a plan is reviewed, and with a base also where what runs is another thing", async () => {
  const repository = new GitRepository({ "lab.yaml": labelled, "terrarium.policy.yaml": rules });
  repository.write({ "lab.yaml": labelled.replace("db: {", "db: { memory: 2GiB,") });
  const verdict = { name: "db", host: "local", facts: [], stops: true, path: ["sandboxes", "db"] };
  const planned = (word: string, losses: object[]) => ({
    lab: "demo",
    changes: true,
    verdicts: {
      sandboxes: [{ ...verdict, word, losses, reasons: [{ text: "memory 1GiB → 2GiB", path: ["sandboxes", "db", "memory"] }] }],
      networks: [],
      drift: [],
      others: [],
      hasChanges: true,
    },
  });
  repository.write({ ".git/plan.json": JSON.stringify(planned("rebuild", [{ disk: "root", host: "local" }])) });
  const run = async (...args: string[]) => await runTerrarium(repository.folder, ["review", "--plan", ".git/plan.json", ...args]);
  const alone = JSON.parse((await run("--format", "json")).stdout) as Review;
  expect(alone.labs).toMatchObject([
    { source: "plan", deviations: [], sandboxes: [{ word: "rebuild", reasons: [{ place: { line: 8 } }] }] },
  ]);
  const both = await run("--base", "main", "--format", "json");
  expect(both.exitCode).toBe(4);
  expect((JSON.parse(both.stdout) as Review).labs[0]?.deviations).toEqual([
    { object: "sandbox db on local", expected: "reboot", planned: "rebuild, loses root disk" },
  ]);
  const reviewed = await runTerrarium(repository.folder, ["review", "--base", "main", "--format", "json"]);
  repository.write({ ".git/reviewed.json": reviewed.stdout });
  const worse = await run("--not-worse-than", ".git/reviewed.json");
  expect(worse.exitCode).toBe(1);
  expect(worse.stderr).toContain("REVIEW_WORSE");
  repository.write({ ".git/plan.json": JSON.stringify(planned("reboot", [])) });
  expect((await run("--not-worse-than", ".git/reviewed.json")).exitCode).toBe(0);
  expect((await run("--not-worse-than", "lab.yaml")).stderr).toContain("REVIEW_PLAN_UNREADABLE");
});
