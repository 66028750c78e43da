import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Lazy, TerraformOutput, TerraformVariable, Token } from "cdktf";
import { afterEach, expect, test } from "vitest";
import { Disk, Image, LabStack, Network, Ready, Sandbox, Seed, Size, Testing } from "../../lib/index.ts";
import { canonicalJson } from "../../lib/lab/canonical-json.ts";
import { synthesizeLab, terraformJson } from "../../stacks/synthesize-lab.ts";
import { exampleLab } from "./example-lab.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "terrarium-stack-"));
  folders.push(folder);
  return folder;
}

/** The example lab, written with constructs. */
function declareExample(lab: LabStack): void {
  const image = new Image(lab, "debian", { bootstrap: { suite: "bookworm" } });
  const front = new Network(lab, "front", { cidr: "10.20.0.0/24", domain: "front.test" });
  const back = new Network(lab, "back", { mode: "isolated" });
  const web = new Sandbox(lab, "web", {
    image,
    memory: Size.mebibytes(512),
    count: 2,
    cpus: 2,
    networks: [front, { network: back }],
    labels: { role: "web ${HOME} <&>" },
    cloudInit: { runCmd: ["echo ${HOME} %{x}"], userData: "#cloud-config\nfinal_message: up\n" },
  });
  new Seed(web, "nginx", { packages: ["nginx"] });
  const db = new Sandbox(lab, "db", { image, memory: "1500KiB", networks: [{ network: "front", ip: "10.20.0.5" }], protect: true });
  new Disk(db, "data", { size: Size.gibibytes(20) });
  new Sandbox(lab, "legacy", { image, memory: "512MiB", seed: "none", ready: "ssh" });
  new Sandbox(lab, "secretive", { image, memory: "512MiB", cloudInit: { runCmd: ["login ${env:TOKEN}"] } });
}

test.each(["libvirt", "terrarium"] as const)("the same lab in YAML and in constructs gives the same bytes with provider %s", (provider) => {
  const stack = new LabStack(Testing.scope(), "web-tier", { provider });
  declareExample(stack);
  expect(terraformJson(stack)).toBe(synthesizeLab({ ...exampleLab, provider }).terraformJson);
});

test("App.synth() writes those bytes, and the normalized lab beside them", () => {
  const outdir = temporaryFolder();
  const app = new App({ outdir });
  declareExample(new LabStack(app, "web-tier"));
  app.synth();
  const folder = join(outdir, "stacks/web-tier");
  const { lab, terraformJson: text } = synthesizeLab(exampleLab);
  expect(readFileSync(join(folder, "cdk.tf.json"), "utf8")).toBe(text);
  expect(readFileSync(join(folder, "terrarium.lab.json"), "utf8")).toBe(`${canonicalJson(lab, 2)}\n`);
});

test("synthesis twice gives the same bytes", () => {
  expect(synthesizeLab(exampleLab).terraformJson).toBe(synthesizeLab(exampleLab).terraformJson);
});

test("the JSON holds no fact of the machine: another home, user, host name and folder give the same bytes", () => {
  const program = `
    const { synthesizeLab } = await import(${JSON.stringify(join(import.meta.dirname, "../../stacks/synthesize-lab.ts"))});
    const { exampleLab } = await import(${JSON.stringify(join(import.meta.dirname, "example-lab.ts"))});
    process.stdout.write(synthesizeLab(exampleLab).terraformJson);`;
  const run = (env: Record<string, string>): string =>
    execFileSync(process.execPath, ["--import", import.meta.resolve("tsx"), "--input-type=module", "-e", program], {
      encoding: "utf8",
      cwd: temporaryFolder(),
      env: { PATH: process.env["PATH"], ...env },
    });
  const first = run({ HOME: "/home/alice", USER: "alice", TMPDIR: temporaryFolder(), LIBVIRT_DEFAULT_URI: "qemu:///session", TZ: "UTC" });
  const second = run({ HOME: "/root", USER: "root", HOSTNAME: "other", TZ: "Asia/Tokyo", LANG: "de_DE.UTF-8" });
  expect(second).toBe(first);
  expect(first).toBe(synthesizeLab(exampleLab).terraformJson);
  for (const fact of ["alice", "/root", "/home", "/tmp", "session", "libvirt-sock"]) expect(first).not.toContain(fact);
});

test("no user-data and no secret reference is in the JSON", () => {
  const text = synthesizeLab(exampleLab).terraformJson ?? "";
  for (const word of ["nginx", "TOKEN", "write_files", "echo"]) expect(text).not.toContain(word);
});

test("text that looks like Terraform's language is escaped", () => {
  const { resource } = Testing.synth(stackOf(exampleLab));
  const metadata = resource["libvirt_domain"]?.["sandbox_local_web-1"]?.["metadata"];
  expect(metadata).toMatchObject({ xml: expect.stringContaining('<t:label key="role">web $${HOME} &lt;&amp;&gt;</t:label>') as string });
});

test("addresses come from names, wherever in the tree a construct stands", () => {
  const stack = new LabStack(Testing.scope(), "demo", { images: exampleLab.images });
  const group = new Network(stack, "front");
  new Sandbox(group, "web", { image: "debian", networks: ["front"] });
  expect(Object.keys(Testing.synth(stack).resource["libvirt_domain"] ?? {})).toEqual(["sandbox_local_web"]);
});

test("errors of a stack are collected, and name the construct", () => {
  const app = new App({ outdir: temporaryFolder() });
  const stack = new LabStack(app, "demo");
  new Sandbox(stack, "web", { image: "debain" });
  new Sandbox(stack, "db", { image: "debain", memory: "12" });
  new Network(new Network(stack, "front"), "front");
  expect(() => app.synth()).toThrow(/\[demo\/front\/front\] DUPLICATE_NAME/);
  const diagnostics = Testing.diagnostics(stackWithUnknownImage());
  expect(diagnostics).toMatchObject([{ code: "UNKNOWN_IMAGE", constructPath: "demo/web" }]);
});

test("a token with a value is replaced; one that only apply knows is an error with its path", () => {
  const stack = new LabStack(Testing.scope(), "demo", { images: exampleLab.images });
  const later = new TerraformVariable(stack, "size", { default: "x" });
  new Sandbox(stack, "web", {
    image: Lazy.stringValue({ produce: () => "debian" }),
    labels: { a: Lazy.stringValue({ produce: () => "b" }) },
  });
  expect(Testing.lab(stack).sandboxes["web"]).toMatchObject({ image: "debian", labels: { a: "b" } });

  const wrong = new LabStack(Testing.scope(), "demo", { images: exampleLab.images });
  new Sandbox(wrong, "web", { image: "debian", cloudInit: { runCmd: [`echo ${Token.asString(later.stringValue)}`] } });
  expect(Testing.diagnostics(wrong)).toMatchObject([
    { code: "SEED_NEEDS_APPLY_VALUE", path: ["sandboxes", "web", "cloudInit", "runCmd", 0], constructPath: "demo/web" },
  ]);
});

test("an override reaches the resource, tokens in it resolved", () => {
  const stack = new LabStack(Testing.scope(), "demo", { images: exampleLab.images });
  const title = new TerraformVariable(stack, "title", { default: "x" });
  const web = new Sandbox(stack, "web", { image: "debian" });
  web.addOverride("title", title.stringValue);
  web.addOverride("devices.mem_balloon.model", "none");
  const domain = Testing.synth(stack).resource["libvirt_domain"]?.["sandbox_local_web"];
  expect(domain).toMatchObject({ title: "${var.title}", devices: { mem_balloon: { model: "none" }, serials: [{ target: { port: 0 } }] } });
});

test("other CDK elements of the stack are there, too", () => {
  const stack = new LabStack(Testing.scope(), "demo", { images: exampleLab.images });
  new Sandbox(stack, "web", { image: "debian" });
  new TerraformOutput(stack, "answer", { value: 42 });
  expect(Testing.synth(stack)["output"]).toMatchObject({ answer: { value: 42 } });
});

test("Ready makes plain Terraform wait for the sandboxes it names", () => {
  const stack = new LabStack(Testing.scope(), "demo", { images: exampleLab.images });
  const web = new Sandbox(stack, "web", { image: "debian", count: 2 });
  new Sandbox(stack, "db", { image: "debian" });
  new Ready(stack, "ready", { sandboxes: [web] });
  const ready = Testing.synth(stack).resource["terraform_data"]?.["ready"];
  expect(ready).toMatchObject({
    triggers_replace: ["${libvirt_domain.sandbox_local_web-1.uuid}", "${libvirt_domain.sandbox_local_web-2.uuid}"],
    provisioner: [{ "local-exec": { command: "npx --no-install terrarium wait --directory . web-1 web-2" } }],
  });
});

test("with its lock nobody moves when a sandbox is added", () => {
  const before = synthesizeLab(exampleLab);
  const more = { ...exampleLab, sandboxes: { aaa: { networks: ["front"] }, ...exampleLab.sandboxes } };
  const after = synthesizeLab(more, { lock: before.lock });
  for (const [name, sandbox] of Object.entries(before.lab?.sandboxes ?? {})) expect(after.lab?.sandboxes[name]).toEqual(sandbox);
});

test("lockFile() gives the text that the next synthesis takes, and keeps what it says of other labs", () => {
  const { lab: name, ...props } = exampleLab;
  const first = new LabStack(Testing.scope(), name, props).lockFile();
  const other = new LabStack(Testing.scope(), "other", { images: exampleLab.images, lock: first });
  new Sandbox(other, "web", { image: "debian" });
  const both = other.lockFile();
  expect(both).toContain("  other:\n");
  const again = new LabStack(Testing.scope(), name, { ...props, lock: both });
  expect(again.lockFile()).toBe(both);
  expect(terraformJson(again)).toBe(synthesizeLab(exampleLab).terraformJson);
});

test("warnings of the lab are annotations, which the CDK's command lines show", () => {
  const stack = new LabStack(Testing.scope(), "demo", { images: exampleLab.images });
  new Network(stack, "front", { cidr: "192.168.122.0/24" });
  new Sandbox(stack, "web", { image: "debian", networks: ["front"] });
  expect(Testing.diagnostics(stack)).toMatchObject([{ code: "CIDR_OFTEN_TAKEN", severity: "warning" }]);
  expect(stack.node.metadata.map(({ type, data }) => ({ type, data: data as unknown }))).toContainEqual({
    type: "@cdktf/warn",
    data: expect.stringContaining("[demo/front] CIDR_OFTEN_TAKEN") as unknown,
  });
});

function stackOf({ lab, ...props }: typeof exampleLab): LabStack {
  return new LabStack(Testing.scope(), lab, props);
}

function stackWithUnknownImage(): LabStack {
  const stack = new LabStack(Testing.scope(), "demo");
  new Sandbox(stack, "web", { image: "debain" });
  return stack;
}
