import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { memoryHypervisor } from "../../../../lib/hypervisor/memory/memory-hypervisor.ts";
import { seedFileName, seedIdentity } from "../../../../lib/lab/seed-identity.ts";
import { terrariumProvider } from "../../../../lib/provider/resources/provider.ts";
import { serveInProcess, type ServedProvider } from "../../../../lib/provider/serve/serve-in-process.ts";
import { checkDiskSizes } from "../../../../lib/review/check-applied.ts";
import { checkLosses } from "../../../../lib/review/check-losses.ts";
import { compareLabs } from "../../../../lib/review/compare-labs.ts";
import { verdictsOf } from "../../../../lib/review/verdicts-of.ts";
import type { Plan } from "../../../../lib/terraform/plan.ts";
import { preparedHash } from "../../../../stacks/emit/prepared-hash.ts";
import { TerraformProject } from "../../../fixtures/provider/terraform-project.ts";
import { comparable } from "../../../review/expected/comparable.ts";
import { writtenLabs } from "../../../review/generated-labs.ts";
import { sideOf, type Side } from "../../../review/plan-builder.ts";

/** What two labs alone say, held against plans of real Terraform with our own provider: the base is really applied on a host in memory, the head really planned. */
const pairs = (process.env["TERRARIUM_TEST_FULL"] ?? "") === "" ? 8 : 200;

let folder: string;
let project: TerraformProject;
let served: ServedProvider;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "terrarium-expected-"));
  served = await serveInProcess(terrariumProvider);
  project = await TerraformProject.create({ TF_REATTACH_PROVIDERS: served.reattach });
});

afterAll(async () => {
  await served.close();
  await project.remove();
  await rm(folder, { recursive: true, force: true });
});

async function configure({ lab, terraformJson }: Side, host: string): Promise<void> {
  const json = JSON.parse(terraformJson.replaceAll("${path.module}", project.directory)) as {
    provider: { terrarium: Record<string, unknown>[] };
    terraform: Record<string, unknown>;
  };
  json.provider.terrarium = json.provider.terrarium.map((block) => ({ ...block, hypervisor: "memory", uri: `file://${host}` }));
  delete json.terraform["backend"];
  await writeFile(join(project.directory, "cdk.tf.json"), JSON.stringify(json));
  await writeFile(
    join(project.directory, "terrarium.auto.tfvars.json"),
    JSON.stringify({ prepared: preparedHash(lab), deployment_id: "0123456789abcdef" }),
  );
  await mkdir(join(project.directory, "seeds"), { recursive: true });
  for (const sandbox of Object.values(lab.sandboxes))
    await writeFile(join(project.directory, "seeds", seedFileName(sandbox, seedIdentity(lab, sandbox))), sandbox.name);
}

test(`the review of two labs and the review of Terraform's plan agree in ${pairs} pairs`, { timeout: pairs * 30_000 }, async () => {
  const image = join(folder, "image");
  await writeFile(image, Buffer.alloc(2 ** 20));
  const drawn = fc.sample(fc.tuple(writtenLabs("terrarium"), writtenLabs("terrarium")), { numRuns: pairs, seed: 20261124 });
  for (const [index, [before, after]] of drawn.entries()) {
    const host = join(folder, `host-${index}.json`);
    const hypervisor = memoryHypervisor({ file: host });
    for (const digit of ["a", "b", "c"]) await hypervisor.placeImage(image, digit.repeat(64));
    await rm(join(project.directory, "terraform.tfstate"), { force: true });
    const [base, head] = [sideOf(before), sideOf(after, { previous: before })];
    await configure(base, host);
    if (index === 0) await project.succeed("init", "-input=false");
    await project.apply();
    await configure(head, host);
    const { exitCode, stderr } = await project.run("plan", "-out=plan.bin", "-no-color", "-input=false");
    const expected = compareLabs({ base: base.lab, head: head.lab });
    const refused = [
      ...checkDiskSizes({ applied: base.lab, lab: head.lab }),
      ...checkLosses(expected, { allowLoss: [], lab: head.lab, applied: base.lab, destroying: true }),
    ];
    const told = JSON.stringify([before, after]);
    // What the provider refuses, the review calls refused. Not the other way round: a disk that is made anew may be smaller for Terraform.
    if (exitCode !== 0) {
      expect(refused.length, `${told}\n${stderr}`).toBeGreaterThan(0);
      continue;
    }
    const plan = JSON.parse(await project.succeed("show", "-json", "plan.bin")) as Plan;
    const planned = verdictsOf({ plan, lab: head.lab, applied: base.lab });
    expect(comparable(expected), told).toEqual(comparable(planned));
  }
});
