import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FirstPlanListener } from "../../../../lib/deploy/first-plan.ts";
import { intendedObjects } from "../../../../lib/deploy/journal.ts";
import type { Lab } from "../../../../lib/lab/lab.ts";
import { verdictsOf } from "../../../../lib/review/verdicts-of.ts";
import { findEngine } from "../../../../lib/terraform/engine.ts";
import type { ChangeSummaryEvent } from "../../../../lib/terraform/event.ts";
import { parseEvent } from "../../../../lib/terraform/parse-event.ts";
import { Terraform } from "../../../../lib/terraform/terraform.ts";
import { makeLabRunner, tinyLab, whyNoLabs, type LabRunner } from "../../../fixtures/lab-runner.ts";

const why = await whyNoLabs();
let labs: LabRunner;

beforeAll(async () => {
  if (why !== undefined) return;
  labs = await makeLabRunner();
  const networks = { front: { mode: "nat" } };
  const web = {
    networks: ["front"],
    disks: [{ name: "data", size: "16MiB" }],
    labels: { a: "${b}" },
    cloudInit: { runCmd: ["use it"] },
  };
  await labs.write(await tinyLab({ lab: "first", networks, sandboxes: { web, lone: { seed: "none" } } }));
});

afterAll(async () => {
  await labs?.dispose();
});

test.skipIf(why !== undefined)("what a first plan's events tell is what Terraform shows of the saved plan", async () => {
  const run = await labs.run(["plan", "--json"], { env: { TOKEN: "x" } });
  expect(run).toMatchObject({ exitCode: 0 });
  const { verdicts } = JSON.parse(run.stdout) as { verdicts: unknown };

  const workingDirectory = join(labs.directory, ".terrarium/first/terraform");
  const [lab, configuration, log] = await Promise.all(
    ["terrarium.lab.json", "cdk.tf.json", "logs/terraform-plan.jsonl"].map((name) => readFile(join(workingDirectory, name), "utf8")),
  );
  const parsed = JSON.parse(lab ?? "") as Lab;
  const terraform = new Terraform({ engine: await findEngine(process.env), workingDirectory, env: process.env });
  const shown = await terraform.show("plan.tfplan");
  expect(verdicts).toEqual(JSON.parse(JSON.stringify(verdictsOf({ plan: shown, lab: parsed }))));

  const listener = new FirstPlanListener();
  let summary: ChangeSummaryEvent | undefined;
  for (const line of (log ?? "").split("\n")) {
    const event = parseEvent(line);
    if (event) listener.add(event);
    if (event?.type === "change_summary") summary = event;
  }
  const heard = listener.plan(summary, configuration ?? "");
  if (!heard) throw new Error("Expected a plan that only creates");
  const objects = (plan: typeof heard) =>
    new Map(intendedObjects(plan, parsed, "0123456789abcdef").map((object) => [object.address, object]));
  expect(objects(heard)).toEqual(objects(shown));
});
