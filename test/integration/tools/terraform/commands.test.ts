import { chmod, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DiagnosticError } from "../../../../lib/diagnostics/diagnostic-error.ts";
import { requireFreeSpace } from "../../../../lib/terraform/free-space.ts";
import { Size } from "../../../../lib/units/size.ts";
import type { TerraformEvent } from "../../../../lib/terraform/event.ts";
import { stateObjects } from "../../../../lib/terraform/state.ts";
import { configure, createDirectory, createTerraform, provisioned } from "./workshop.ts";

const two = {
  resource: { terraform_data: { one: { input: "1" }, two: { input: "2" } } },
  output: { o: { value: "${terraform_data.one.output}" } },
};

test("a configuration goes through init, plan, saved apply, an empty second plan and destroy", async () => {
  const directory = await createDirectory(two);
  const terraform = await createTerraform(directory);
  expect(await terraform.init()).toMatchObject({ ok: true, diagnostics: [] });
  expect(await terraform.validate()).toEqual([]);
  expect(await terraform.pullState()).toBeUndefined();
  expect(await terraform.plan({ out: "lab.tfplan" })).toMatchObject({ ok: true, hasChanges: true, summary: { operation: "plan", add: 2 } });
  expect((await stat(join(directory, "lab.tfplan"))).mode & 0o777).toBe(0o600);
  const plan = await terraform.show("lab.tfplan");
  expect(plan.resource_changes?.map(({ address, change }) => [address, change.actions])).toEqual([
    ["terraform_data.one", ["create"]],
    ["terraform_data.two", ["create"]],
  ]);

  const events: TerraformEvent[] = [];
  const applied = await terraform.apply({ planFile: "lab.tfplan", onEvent: (event) => events.push(event) });
  expect(applied).toMatchObject({ ok: true, interrupted: false, diagnostics: [], summary: { operation: "apply", add: 2 } });
  expect(events.filter(({ type }) => type === "apply_complete")).toHaveLength(2);
  expect((await readFile(applied.log, "utf8")).trim().split("\n")).toHaveLength(events.length);

  expect(await terraform.plan()).toMatchObject({ ok: true, hasChanges: false });
  const state = await terraform.pullState();
  expect(state && stateObjects(state).map(({ address }) => address)).toEqual(["terraform_data.one", "terraform_data.two"]);
  expect(await terraform.output()).toEqual({ o: { sensitive: false, type: "string", value: "1" } });

  expect(await terraform.destroy()).toMatchObject({ ok: true, summary: { operation: "destroy", remove: 2 } });
  expect((await terraform.pullState())?.resources).toEqual([]);
});

test("a plan for targets leaves the others alone", async () => {
  const terraform = await createTerraform(await createDirectory(two));
  await terraform.init();
  expect(await terraform.plan({ targets: ["terraform_data.two"] })).toMatchObject({ ok: true, summary: { add: 1 } });
});

test("a variable reaches Terraform without being on the command line", async () => {
  const directory = await createDirectory({
    variable: { token: { type: "string", sensitive: true }, list: { type: "list(string)" } },
    resource: { terraform_data: { one: provisioned("tr '\\0' ' ' < /proc/$PPID/cmdline", { input: "${var.list[0]}" }) } },
    output: { token: { value: "${var.token}", sensitive: true } },
  });
  const terraform = await createTerraform(directory);
  await terraform.init();
  const printed: string[] = [];
  const outcome = await terraform.apply({
    variables: { token: "s3cret", list: ["first"] },
    onEvent: (event) => event.type === "provision_progress" && printed.push(event.output ?? ""),
  });
  expect(outcome).toMatchObject({ ok: true });
  expect(printed.at(-1)).toMatch(/terraform apply -json/);
  expect(printed.at(-1)).not.toMatch(/s3cret/);
  expect(await terraform.output()).toMatchObject({ token: { value: "s3cret", sensitive: true } });
  expect(await readFile(outcome.log, "utf8")).not.toMatch(/s3cret/);
});

test("arguments that the user set for all Terraform runs do not change a plan", async () => {
  const terraform = await createTerraform(await createDirectory(two), {
    ...process.env,
    TF_CLI_ARGS_plan: "-target=terraform_data.one",
    TF_CLI_ARGS: "-bogus",
  });
  expect(await terraform.init()).toMatchObject({ ok: true });
  expect(await terraform.plan()).toMatchObject({ ok: true, summary: { add: 2 } });
});

test("Terraform's debug log does not disturb the events", async () => {
  const directory = await createDirectory(two);
  const terraform = await createTerraform(directory, { ...process.env, TF_LOG: "trace" });
  await terraform.init();
  expect(await terraform.plan()).toMatchObject({ ok: true, diagnostics: [], summary: { add: 2 } });
  expect(await readFile(join(directory, "logs", "terraform-plan.stderr.log"), "utf8")).toMatch(/\[(TRACE|DEBUG)\]/);
});

test("a saved plan whose state has moved on is PLAN_STALE", async () => {
  const terraform = await createTerraform(await createDirectory(two));
  await terraform.init();
  await terraform.plan({ out: "old.tfplan" });
  await terraform.apply();
  const outcome = await terraform.apply({ planFile: "old.tfplan" });
  expect(outcome).toMatchObject({ ok: false, diagnostics: [{ diagnostic: { code: "PLAN_STALE" } }] });
});

test("a failed plan leaves no plan file, and an older one as it was", async () => {
  const directory = await createDirectory({ resource: { terraform_data: { one: { input: "${var.nosuch}" } } } });
  const terraform = await createTerraform(directory);
  expect(await terraform.plan({ out: "new.tfplan" })).toMatchObject({
    ok: false,
    hasChanges: false,
    diagnostics: [
      {
        diagnostic: { code: "TERRAFORM_ERROR", summary: "Reference to undeclared input variable" },
        raw: { context: "resource.terraform_data.one" },
      },
    ],
  });
  await expect(stat(join(directory, "new.tfplan"))).rejects.toThrow("ENOENT");
  await writeFile(join(directory, "old.tfplan"), "older");
  await terraform.plan({ out: "old.tfplan" });
  expect(await readFile(join(directory, "old.tfplan"), "utf8")).toBe("older");
});

test("a failing provisioner is told with the address of its object", async () => {
  const terraform = await createTerraform(
    await createDirectory({ resource: { terraform_data: { bad: provisioned("echo no >&2; exit 3") } } }),
  );
  await terraform.init();
  expect(await terraform.apply()).toMatchObject({
    ok: false,
    interrupted: false,
    diagnostics: [
      {
        address: "terraform_data.bad",
        diagnostic: { summary: "local-exec provisioner error", detail: expect.stringContaining("exit status 3") },
      },
    ],
  });
});

test("a provider that is not installed in the wanted version is PROVIDER_MISSING", async () => {
  const directory = await createDirectory({
    terraform: { required_providers: { net: { source: "example.test/lab/net", version: "1.2.3" } } },
  });
  // A mirror that is the only place to look: nothing is asked over the network.
  const configFile = join(directory, "terraformrc");
  await mkdir(join(directory, "mirror"));
  await writeFile(configFile, `provider_installation {\n  filesystem_mirror {\n    path = "${directory}/mirror"\n  }\n}\n`);
  const terraform = await createTerraform(directory, { ...process.env, TF_CLI_CONFIG_FILE: configFile });
  expect(await terraform.init()).toMatchObject({
    ok: false,
    diagnostics: [
      {
        diagnostic: {
          code: "PROVIDER_MISSING",
          summary: "Terraform needs provider example.test/lab/net 1.2.3, which is neither installed nor downloadable",
          nextStep: expect.stringContaining("~/.terraform.d/plugins/example.test/lab/net/1.2.3/"),
        },
      },
    ],
  });
  expect(await terraform.plan()).toMatchObject({ ok: false, diagnostics: [{ diagnostic: { code: "NOT_INITIALIZED" } }] });

  const folder = join(directory, "mirror", "example.test", "lab", "net", "1.2.3", "linux_amd64");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "terraform-provider-net_v1.2.3"), "#!/bin/sh\nexit 1\n");
  await chmod(join(folder, "terraform-provider-net_v1.2.3"), 0o755);
  expect(await terraform.init()).toMatchObject({ ok: true });

  await writeFile(join(folder, "terraform-provider-net_v1.2.3"), "#!/bin/sh\nexit 2\n");
  const changed = await terraform.init();
  expect(changed).toMatchObject({
    ok: false,
    diagnostics: [{ diagnostic: { code: "PROVIDER_CHANGED", nextStep: expect.stringContaining(".terraform.lock.hcl") } }],
  });
});

test("a provider that ends at its start is PROVIDER_CRASHED", async () => {
  const directory = await createDirectory({
    terraform: { required_providers: { net: { source: "example.test/lab/net" } } },
    resource: { net_thing: { a: {} } },
  });
  const folder = join(directory, "mirror", "example.test", "lab", "net", "1.0.0", "linux_amd64");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "terraform-provider-net_v1.0.0"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  const configFile = join(directory, "terraformrc");
  await writeFile(configFile, `provider_installation {\n  filesystem_mirror {\n    path = "${directory}/mirror"\n  }\n}\n`);
  const terraform = await createTerraform(directory, { ...process.env, TF_CLI_CONFIG_FILE: configFile });
  expect(await terraform.init()).toMatchObject({ ok: true });
  expect(await terraform.plan()).toMatchObject({ ok: false, diagnostics: [{ diagnostic: { code: "PROVIDER_CRASHED" } }] });
});

test("objects can be forgotten; an address that is not in the state is an error", async () => {
  const terraform = await createTerraform(await createDirectory(two));
  await terraform.init();
  await terraform.apply();
  expect(await terraform.stateRm(["terraform_data.one"])).toMatchObject({ ok: true });
  const state = await terraform.pullState();
  expect(state && stateObjects(state).map(({ address }) => address)).toEqual(["terraform_data.two"]);
  expect(await terraform.stateRm(["terraform_data.one"])).toMatchObject({
    ok: false,
    diagnostics: [{ diagnostic: { code: "TERRAFORM_ERROR" } }],
  });
});

test("a question that fails throws what Terraform said", async () => {
  const terraform = await createTerraform(await createDirectory(two));
  const failure: unknown = await terraform.show("nosuch.tfplan").catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(DiagnosticError);
  expect((failure as DiagnosticError).diagnostics).toMatchObject([
    { code: "TERRAFORM_ERROR", summary: "Failed to read the given file as a state or plan file" },
  ]);
});

test("an invalid configuration gives diagnostics with file and line", async () => {
  const directory = await createDirectory({ resource: { terraform_data: { one: { inptu: 1 } } } });
  const terraform = await createTerraform(directory);
  await terraform.init();
  expect(await terraform.validate()).toMatchObject([
    { diagnostic: { severity: "error" }, raw: { range: { filename: "main.tf.json", line: 1 } } },
  ]);
  await configure(directory, two);
  expect(await terraform.validate()).toEqual([]);
});

test("a listener that throws does not leave Terraform alone", async () => {
  const directory = await createDirectory(two);
  const terraform = await createTerraform(directory);
  await terraform.init();
  await expect(
    terraform.apply({
      onEvent: () => {
        throw new Error("broken listener");
      },
    }),
  ).rejects.toThrow("broken listener");
  expect((await terraform.pullState())?.resources).toHaveLength(2);
});

test("a state that a former run could not save is taken back, but not over a newer one", async () => {
  const directory = await createDirectory(two);
  const terraform = await createTerraform(directory);
  await terraform.init();
  await terraform.apply();
  expect(await terraform.pushErroredState()).toBeUndefined();

  const state = await terraform.pullState();
  await writeFile(join(directory, "errored.tfstate"), JSON.stringify({ ...state, serial: 100, resources: state?.resources.slice(0, 1) }));
  expect(await terraform.pushErroredState()).toMatchObject({ ok: true });
  expect((await terraform.pullState())?.resources).toHaveLength(1);

  await writeFile(join(directory, "errored.tfstate"), JSON.stringify({ ...state, serial: 2 }));
  expect(await terraform.pushErroredState()).toMatchObject({ ok: false, diagnostics: [{ diagnostic: { code: "TERRAFORM_ERROR" } }] });
  expect((await terraform.pullState())?.resources).toHaveLength(1);
});

test("a disk without room for the state is refused before anything is done", async () => {
  const directory = await createDirectory();
  await expect(requireFreeSpace(directory)).resolves.toBeUndefined();
  await expect(requireFreeSpace(directory, Size.gibibytes(2 ** 20))).rejects.toThrow(
    /^DISK_FULL: Terraform's state and logs need 1024TiB free at .+, but there are \d+/,
  );
});
