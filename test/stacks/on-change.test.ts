import { expect, test } from "vitest";
import { LabStack, Sandbox, Testing, type LabJson } from "../../lib/index.ts";
import { exampleLab } from "./example-lab.ts";

/** A sandbox in TypeScript that says this of changes. */
function json(provider: "libvirt" | "terrarium", onChange?: "rerun" | "rebuild" | "ignore", seed?: "none"): LabJson["resource"] {
  const stack = new LabStack(Testing.scope(), "demo", { images: exampleLab.images, provider });
  new Sandbox(stack, "web", { image: "debian", seed, cloudInit: { runCmd: ["login ${env:TOKEN}"], onChange } });
  return Testing.synth(stack).resource;
}

const types = {
  libvirt: { disk: "libvirt_volume", seed: "libvirt_volume" },
  terrarium: { disk: "terrarium_disk", seed: "terrarium_seed" },
};

test.each(["libvirt", "terrarium"] as const)(
  "%s: without an `onChange`, with `rerun` and without a seed nothing is emitted for it",
  (provider) => {
    const plain = json(provider);
    expect(plain["terraform_data"]).not.toHaveProperty("seed_local_web");
    expect(json(provider, "rerun")).toEqual(plain);
    expect(json(provider, "rebuild", "none")["terraform_data"]).not.toHaveProperty("seed_local_web");
  },
);

test.each(["libvirt", "terrarium"] as const)("%s: `rebuild` makes the root disk anew with another cloud-init or secret", (provider) => {
  const resource = json(provider, "rebuild");
  expect(resource["terraform_data"]?.["seed_local_web"]).toMatchObject({
    input: { cloud_init: expect.stringMatching(/^[0-9a-f]{12}\$\{lookup\(var\.secret_fingerprints, "web", ""\)\}$/) as string },
  });
  const triggers = resource[types[provider].disk]?.["disk_local_web"]?.["lifecycle"];
  expect(JSON.stringify(triggers)).toContain('"terraform_data.seed_local_web.input.cloud_init"');
  expect(JSON.stringify(resource[types[provider].seed]?.["seed_local_web"])).not.toContain("terraform_data.seed_local_web");
});

test.each(["libvirt", "terrarium"] as const)("%s: `ignore` keeps the seed until names, network or root disk are others", (provider) => {
  const resource = json(provider, "ignore");
  expect(resource[types[provider].seed]?.["seed_local_web"]?.["lifecycle"]).toMatchObject({
    ignore_changes: provider === "libvirt" ? ["create", "name"] : ["file"],
    replace_triggered_by: ["terraform_data.seed_local_web.input.surroundings", "terraform_data.seed_local_web.input.root_disk"],
  });
  expect(JSON.stringify(resource[types[provider].disk]?.["disk_local_web"])).not.toContain("terraform_data.seed_local_web");
  if (provider === "libvirt") {
    const input = resource["terraform_data"]?.["sandbox_local_web"]?.["input"];
    expect(input).toMatchObject({ seed: "${libvirt_volume.seed_local_web.name}" });
  }
});
