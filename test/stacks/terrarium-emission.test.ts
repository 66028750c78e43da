import { TerraformVariable } from "cdktf";
import { expect, test } from "vitest";
import { LabStack, Ready, Sandbox, Testing, type LabJson } from "../../lib/index.ts";
import type { WrittenLab } from "../../lib/lab/written-lab.ts";
import { synthesizeLab } from "../../stacks/synthesize-lab.ts";
import { exampleLab } from "./example-lab.ts";

const lab: WrittenLab = { ...exampleLab, provider: "terrarium" };

function json(written: WrittenLab): LabJson {
  const { terraformJson, diagnostics } = synthesizeLab(written);
  if (terraformJson === undefined) throw new Error(JSON.stringify(diagnostics));
  return JSON.parse(terraformJson) as LabJson;
}

test("nothing of the other provider is emitted, under the same logical addresses", () => {
  const [ours, theirs] = [json(lab).resource, json(exampleLab).resource];
  expect(Object.keys(ours).toSorted()).toEqual([
    "terraform_data",
    "terrarium_disk",
    "terrarium_network",
    "terrarium_sandbox",
    "terrarium_seed",
  ]);
  expect(Object.keys(ours["terrarium_sandbox"] ?? {})).toEqual(Object.keys(theirs["libvirt_domain"] ?? {}));
  expect(Object.keys(ours["terrarium_network"] ?? {})).toEqual(Object.keys(theirs["libvirt_network"] ?? {}));
  expect(Object.keys({ ...ours["terrarium_disk"], ...ours["terrarium_seed"] }).toSorted()).toEqual(
    Object.keys(theirs["libvirt_volume"] ?? {}).toSorted(),
  );
  const triggers = Object.keys(ours["terraform_data"] ?? {}).filter((name) => /^(sandbox|network)_/.test(name));
  expect(triggers).toEqual([]);
});

test("a provider block per host knows the deployment, and the machine only by variables", () => {
  const { provider, variable, terraform } = json({ ...lab, hosts: { alpha: { uri: "qemu+ssh://alpha/system" } } });
  expect(provider).toEqual({
    terrarium: [
      {
        alias: "alpha",
        hypervisor: "kvm",
        uri: "${var.host_alpha_uri}",
        accelerator: "${var.host_alpha_accelerator}",
        lab: "web-tier",
        deployment: "${terraform_data.deployment.output}",
        host: "alpha",
      },
    ],
  });
  expect(Object.keys(variable).toSorted()).toEqual([
    "deployment_id",
    "host_alpha_accelerator",
    "host_alpha_uri",
    "prepared",
    "secret_fingerprints",
  ]);
  expect(terraform).toMatchObject({ required_providers: { terrarium: { source: "terrarium.internal/terrarium/terrarium" } } });
});

test("a sandbox refers to its disks, its seed and its networks, and is made anew with a disk", () => {
  const { resource } = json(lab);
  expect(resource["terrarium_sandbox"]?.["sandbox_local_db"]).toMatchObject({
    name: "db",
    cpus: 1,
    memory: "1500KiB",
    disks: ["${terrarium_disk.disk_local_db.id}", "${terrarium_disk.disk_local_db_data.id}"],
    seed: "${terrarium_seed.seed_local_db.id}",
    nics: [{ network: "${terrarium_network.network_local_front.id}", address: "10.20.0.5" }],
    protect: true,
    provider: "terrarium.local",
    lifecycle: { replace_triggered_by: ["terrarium_disk.disk_local_db.id", "terrarium_disk.disk_local_db_data.id"] },
  });
  expect(resource["terrarium_sandbox"]?.["sandbox_local_legacy"]).not.toHaveProperty("seed");
  expect(resource["terrarium_disk"]?.["disk_local_db_data"]).toMatchObject({ name: "db.data", size: "20GiB" });
  expect(resource["terrarium_disk"]?.["disk_local_db_data"]).not.toHaveProperty("image");
});

test("a seed is named by its content, with the secrets' fingerprint, and the new one comes before the old one goes", () => {
  const seed = json(lab).resource["terrarium_seed"]?.["seed_local_secretive"];
  expect(seed).toMatchObject({
    name: "secretive",
    file: expect.stringMatching(
      /^\$\{path\.module\}\/seeds\/secretive\.[0-9a-f]{12}\$\{lookup\(var\.secret_fingerprints, "secretive", ""\)\}\.iso$/,
    ) as string,
    lifecycle: { create_before_destroy: true },
  });
});

test("every NIC has a reservation, the first of a sandbox in a network with its name", () => {
  const { resource } = json({
    ...lab,
    sandboxes: { web: { networks: ["front", { name: "front", ip: "10.20.0.200" }] }, "web-2": { networks: ["front"] } },
  });
  const reservation = { mac: expect.any(String) as string, address: expect.any(String) as string };
  expect(resource["terrarium_network"]?.["network_local_front"]?.["reservations"]).toEqual({
    web: { ...reservation, name: "web" },
    "web-2": { ...reservation, name: "web-2" },
    "web/2": { ...reservation, address: "10.20.0.200" },
  });
});

test("labels that look like Terraform's language are escaped", () => {
  expect(json(lab).resource["terrarium_sandbox"]?.["sandbox_local_web-1"]).toMatchObject({ labels: { role: "web $${HOME} <&>" } });
});

test("an override reaches the resource, tokens in it resolved", () => {
  const stack = new LabStack(Testing.scope(), "demo", { images: lab.images, provider: "terrarium" });
  const timeout = new TerraformVariable(stack, "timeout", { default: "5m" });
  new Sandbox(stack, "web", { image: "debian" }).addOverride("timeouts.create", timeout.stringValue);
  expect(Testing.synth(stack).resource["terrarium_sandbox"]?.["sandbox_local_web"]).toMatchObject({
    timeouts: { create: "${var.timeout}" },
  });
});

test("Ready waits again when a sandbox was made or seeded anew", () => {
  const stack = new LabStack(Testing.scope(), "demo", { images: lab.images, provider: "terrarium" });
  new Ready(stack, "ready", { sandboxes: [new Sandbox(stack, "web", { image: "debian" })] });
  expect(Testing.synth(stack).resource["terraform_data"]?.["ready"]).toMatchObject({
    triggers_replace: ["${terrarium_sandbox.sandbox_local_web.id}", "${terrarium_seed.seed_local_web.id}"],
  });
});

test("on VirtualBox there is no URI, and each sandbox has a port for SSH", () => {
  const { provider, resource, variable } = json({ ...exampleLab, hypervisor: "virtualbox" });
  expect(provider).toMatchObject({ terrarium: [{ alias: "local", hypervisor: "virtualbox" }] });
  expect(JSON.stringify(provider)).not.toContain("uri");
  expect(Object.keys(variable)).not.toContain("host_local_uri");
  expect(resource["terrarium_network"]?.["network_local_front"]).not.toHaveProperty("bridge");
  expect(resource["terrarium_sandbox"]?.["sandbox_local_legacy"]).toMatchObject({ forwards: { ssh: { protocol: "tcp", guest_port: 22 } } });
});

test("a stack refuses another provider than its lock's: the two applies that it takes are the command's", () => {
  const lock = new LabStack(Testing.scope(), "demo", { images: lab.images, sandboxes: { web: { image: "debian" } } }).lockFile();
  const stack = new LabStack(Testing.scope(), "demo", {
    images: lab.images,
    sandboxes: { web: { image: "debian" } },
    provider: "terrarium",
    lock,
  });
  expect(Testing.diagnostics(stack)).toMatchObject([
    { code: "LAB_PROVIDER_CHANGED", severity: "error", nextStep: expect.stringContaining("Destroy the lab") as string },
  ]);
});
