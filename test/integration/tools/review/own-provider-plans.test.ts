import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { memoryHypervisor } from "../../../../lib/hypervisor/memory/memory-hypervisor.ts";
import { canonicalJson } from "../../../../lib/lab/canonical-json.ts";
import { seedFileName, seedIdentity } from "../../../../lib/lab/seed-identity.ts";
import { terrariumProvider } from "../../../../lib/provider/resources/provider.ts";
import { serveInProcess, type ServedProvider } from "../../../../lib/provider/serve/serve-in-process.ts";
import type { Plan, ResourceChange } from "../../../../lib/terraform/plan.ts";
import { TerraformProject } from "../../../fixtures/provider/terraform-project.ts";
import { verdictsOf } from "../../../../lib/review/verdicts-of.ts";
import type { WrittenCloudInit, WrittenLab } from "../../../../lib/lab/written-lab.ts";
import { ownBase, ownChanges } from "../../../review/own-labs.ts";
import { preparedHash } from "../../../../stacks/emit/prepared-hash.ts";
import { sideOf, type Side } from "../../../review/plan-builder.ts";

/** Real plans of real Terraform with our own provider, on a host in memory. `test/review` judges them as they are recorded here; `vitest -u` records them anew. */
let folder: string;
let project: TerraformProject;
let served: ServedProvider;

/** The host, to change things behind Terraform's back. */
let host: ReturnType<typeof memoryHypervisor>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "terrarium-plans-"));
  served = await serveInProcess(terrariumProvider);
  project = await TerraformProject.create({ TF_REATTACH_PROVIDERS: served.reattach });
  host = memoryHypervisor({ file: join(folder, "host.json") });
  const image = join(folder, "image");
  await writeFile(image, Buffer.alloc(2 ** 20));
  for (const digit of ["a", "b"]) await host.placeImage(image, digit.repeat(64));
  await configure(base);
  await project.succeed("init", "-input=false");
  await project.apply();
});

afterAll(async () => {
  await served.close();
  await project.remove();
  await rm(folder, { recursive: true, force: true });
});

const base = sideOf(ownBase);

/** Writes the lab's JSON as it is, but for the host, and what *prepare* would have put in place. */
async function configure({ lab, terraformJson }: Side): Promise<void> {
  const json = JSON.parse(terraformJson.replaceAll("${path.module}", project.directory)) as {
    provider: { terrarium: Record<string, unknown>[] };
    terraform: Record<string, unknown>;
  };
  json.provider.terrarium = json.provider.terrarium.map((block) => ({
    ...block,
    hypervisor: "memory",
    uri: `file://${join(folder, "host.json")}`,
  }));
  delete json.terraform["backend"];
  await writeFile(join(project.directory, "cdk.tf.json"), JSON.stringify(json));
  const variables = { prepared: preparedHash(lab), deployment_id: "0123456789abcdef" };
  await writeFile(join(project.directory, "terrarium.auto.tfvars.json"), JSON.stringify(variables));
  await mkdir(join(project.directory, "seeds"), { recursive: true });
  for (const sandbox of Object.values(lab.sandboxes)) {
    await writeFile(join(project.directory, "seeds", seedFileName(sandbox, seedIdentity(lab, sandbox))), sandbox.name);
  }
}

async function plan(...flags: readonly string[]): Promise<Plan> {
  await project.succeed("plan", "-out=plan.bin", "-no-color", "-input=false", ...flags);
  return recordable(JSON.parse(await project.succeed("show", "-json", "plan.bin")) as Plan);
}

/** What of a plan is judged, without what is another at every run. */
function recordable({ format_version, resource_changes = [], resource_drift = [] }: Plan): Plan {
  const changes = (all: readonly ResourceChange[]) =>
    all
      .filter(({ type, change: { actions } }) => type.startsWith("terrarium_") && actions[0] !== "no-op")
      .map(({ address, mode, type, name, provider_name, action_reason, deposed, change: { actions, before, after, after_unknown } }) => ({
        ...{ address, mode, type, name, provider_name, action_reason, deposed },
        change: { actions, before, after, after_unknown },
      }));
  const text = canonicalJson({ format_version, resource_changes: changes(resource_changes), resource_drift: changes(resource_drift) })
    .replaceAll(project.directory, "/project")
    .replaceAll(folder, "/host");
  const ids = new Map<string, string>();
  const numbered = text.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
    if (!ids.has(id)) ids.set(id, `id-${ids.size + 1}`);
    return ids.get(id) ?? "";
  });
  return JSON.parse(numbered) as Plan;
}

test("Terraform plans what the recorded plans say", async () => {
  const plans: Record<string, Plan> = {};
  for (const [name, after] of Object.entries(ownChanges)) {
    await configure(sideOf(after, { previous: ownBase }));
    plans[name] = await plan();
  }
  await configure(base);
  plans["destroy"] = await plan("-destroy");
  const db = (await host.listSandboxes()).find(({ name }) => name === "shop-db");
  await host.powerOff(db?.id ?? "the base lab has no db");
  plans["stopped"] = await plan();
  await expect(canonicalJson(plans, 1)).toMatchFileSnapshot("../../../review/recorded-own-plans.snap");
});

test("`onChange` does what it says, and choosing another one does nothing by itself", async () => {
  const web = (cloudInit: WrittenCloudInit): WrittenLab => ({
    ...ownBase,
    sandboxes: { ...ownBase.sandboxes, web: { ...ownBase.sandboxes?.["web"], cloudInit } },
  });
  let applied = base.lab;
  /** What the next step does to web-1; with `apply` it is done. */
  const next = async (written: WrittenLab, apply?: "apply"): Promise<string> => {
    const side = sideOf(written, { previous: ownBase });
    await configure(side);
    await project.succeed("plan", "-out=plan.bin", "-no-color", "-input=false");
    const planned = JSON.parse(await project.succeed("show", "-json", "plan.bin")) as Plan;
    const verdict = verdictsOf({ plan: planned, lab: side.lab, applied }).sandboxes.find(({ name }) => name === "web-1");
    if (apply) {
      await project.apply();
      applied = side.lab;
    }
    return `${verdict?.word} ${verdict?.reasons.map(({ text }) => text).join("; ")} ${verdict?.losses.map(({ disk }) => disk).join()}`.trim();
  };
  expect(await next(web({ onChange: "rebuild" }), "apply")).toBe("none");
  expect(await next(web({ onChange: "rebuild", hostname: "www" }))).toBe("reboot hostname default → www");
  expect(await next(web({ onChange: "rebuild", packages: ["redis"] }), "apply")).toBe("rebuild cloud-init changed: packages root");
  // The option and the change that it is about may come at once.
  const ignored = "(ignored until it gets a new seed)";
  expect(await next(web({ onChange: "ignore", packages: ["nginx"] }), "apply")).toBe(`none cloud-init changed: packages ${ignored}`);
  expect(await next(web({ onChange: "ignore", packages: ["nginx"] }))).toBe("none");
  expect(await next(web({ onChange: "ignore", packages: ["apache2"] }), "apply")).toBe(`none cloud-init changed: packages ${ignored}`);
  const image = { "debian-12": { url: "https://images.test/debian-12.qcow2", sha256: "b".repeat(64) } };
  expect(await next({ ...web({ onChange: "ignore", packages: ["apache2"] }), images: image })).toBe(
    "rebuild image debian-12 changed; cloud-init changes that were ignored so far come with the new seed root",
  );
  expect(await next(web({ onChange: "ignore", packages: ["apache2"], hostname: "www" }), "apply")).toBe(
    "reseed hostname default → www; cloud-init changes that were ignored so far come with the new seed",
  );
  expect(await next(web({ onChange: "ignore", packages: ["apache2"], hostname: "ftp" }), "apply")).toBe("reboot hostname www → ftp");
  expect(await next(web({ onChange: "rebuild", packages: ["redis"], hostname: "ftp" }))).toMatch(/^rebuild .* root$/);
});
