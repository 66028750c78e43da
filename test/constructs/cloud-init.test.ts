import { Construct } from "constructs";
import { expect, test } from "vitest";
import { CloudInit, LabStack, Sandbox, Seed, Testing } from "../../lib/index.ts";
import { cloudInit } from "../../schemas/lab/cloud-init/cloud-init.ts";

const images = { debian: { bootstrap: { suite: "bookworm" } } } as const;

function emptyLab(): LabStack {
  return new LabStack(Testing.scope(), "demo", { images, defaults: { image: "debian" } });
}

test("the builder has a method for every key of the language, of its name", () => {
  const keys = Object.keys(cloudInit["properties"] as object);
  expect(keys.filter((key) => typeof Reflect.get(new CloudInit(), key) !== "function")).toEqual([]);
});

test("what is built is what YAML would say", () => {
  const built = new CloudInit()
    .packages("nginx", "curl")
    .writeFiles({ path: "/etc/motd", content: "Hello.\n" })
    .runCmd("true", ["echo", "a b"])
    .apt({ sources: { tools: { source: "deb http://tools.example.test x main" } } })
    .packageUpdate()
    .timezone("UTC")
    .userData("./a.yaml", { file: "./b.yaml", template: true });
  expect(built.written).toEqual({
    packages: ["nginx", "curl"],
    writeFiles: [{ path: "/etc/motd", content: "Hello.\n" }],
    runCmd: ["true", ["echo", "a b"]],
    apt: { sources: { tools: { source: "deb http://tools.example.test x main" } } },
    packageUpdate: true,
    timezone: "UTC",
    userData: ["./a.yaml", { file: "./b.yaml", template: true }],
  });
});

test("a piece never changes: what is made of it is another one", () => {
  const base = new CloudInit({ packages: ["a"] });
  expect(base.packages("b").with({ packages: ["c"] }).written).toEqual({ packages: ["a", "b", "c"] });
  expect(base.written).toEqual({ packages: ["a"] });
});

/** A construct that knows nothing of the sandbox but that it is one. */
class Monitored extends Construct {
  constructor(sandbox: Sandbox, id: string) {
    super(sandbox, id);
    new Seed(sandbox, `${id}-agent`, new CloudInit().packages("agent").userData("#!/bin/sh\nstart-agent\n"));
  }
}

test("constructs add pieces to a sandbox: packages, files, and user-data as further parts", () => {
  const lab = emptyLab();
  const web = new Sandbox(lab, "web", { cloudInit: new CloudInit().packages("nginx").userData("#cloud-config\nruncmd: [a]\n") });
  new Monitored(web, "monitored");
  web.addCloudInit({ packages: ["curl"] }).addCloudInit({ writeFiles: [{ path: "/etc/motd", content: "Hello.\n" }] });
  expect(Testing.lab(lab).sandboxes["web"]?.cloudInit).toMatchObject({
    packages: ["nginx", "agent", "curl"],
    writeFiles: [{ path: "/etc/motd", content: "Hello.\n" }],
    userData: ["#cloud-config\nruncmd: [a]\n", "#!/bin/sh\nstart-agent\n"],
  });
});

test("pieces and one declaration of the same give the same Terraform JSON", () => {
  const [apart, whole] = [emptyLab(), emptyLab()];
  new Sandbox(apart, "web", { cloudInit: { packages: ["a"] } })
    .addCloudInit(new CloudInit().runCmd("true"))
    .addCloudInit({ packages: ["b"] });
  new Sandbox(whole, "web", { cloudInit: { packages: ["a", "b"], runCmd: ["true"] } });
  expect(Testing.synth(apart)).toEqual(Testing.synth(whole));
});
