import { expect, test } from "vitest";
import { LabStack, Sandbox, Testing, type LabStackProps, type SandboxProps } from "../../lib/index.ts";

/** What synthesis says of a lab with one sandbox, and what CDK for Terraform is told of it. */
function synthesized(cloudInit: SandboxProps["cloudInit"], props: LabStackProps = {}): { found: object[]; errors: string[] } {
  const lab = new LabStack(Testing.scope(), "demo", {
    images: { d: { bootstrap: { suite: "bookworm" } } },
    defaults: { image: "d" },
    ...props,
  });
  new Sandbox(lab, "web", { cloudInit });
  const found = Testing.diagnostics(lab).map(({ code, severity, constructPath, source }) => ({
    code,
    severity,
    constructPath,
    place: source && `${source.file}:${source.line}:${source.column}`,
  }));
  return { found, errors: lab.node.validate() };
}

test("user-data that cannot work is an error of synthesis, with its construct and its line", () => {
  const { found, errors } = synthesized({ userData: "#cloud-config\npackages: [a]\nnetwork: {}\n" });
  const place = "sandboxes.web.cloudInit.userData:3:1";
  expect(found).toEqual([{ code: "CLOUD_INIT_NETWORK_IN_USER_DATA", severity: "error", constructPath: "demo/web", place }]);
  expect(errors).toEqual([
    expect.stringMatching(/^\[demo\/web\] CLOUD_INIT_NETWORK_IN_USER_DATA: .* \(sandboxes\.web\.cloudInit\.userData:3:1\)/),
  ]);
});

test("the same in a file that was passed, and in vendor-data of a piece", () => {
  const files = new Map([["./web.yaml", { text: "#cloud-config\n\nfoo: 1\n" }]]);
  expect(synthesized({ userData: "./web.yaml" }, { files }).found).toMatchObject([
    { code: "CLOUD_INIT_UNKNOWN_KEY", place: "web.yaml:3:1" },
  ]);
  expect(synthesized({ vendorData: ["#!/bin/sh\n", "#cloud-config\nfoo: 1\n"] }).found).toMatchObject([
    { code: "CLOUD_INIT_UNKNOWN_KEY", place: "sandboxes.web.cloudInit.vendorData.1:2:1" },
  ]);
});

test("so are typed keys and network configurations", () => {
  expect(synthesized({ bootCmd: ["sleep infinity"] }).found).toMatchObject([
    { code: "CLOUD_INIT_NEVER_ENDS", severity: "error", constructPath: "demo/web" },
  ]);
  const networkConfig = { version: 2 as const, ethernets: { e: { gateway4: "10.0.0.1" } } };
  expect(synthesized({ networkConfig }).found).toMatchObject([{ code: "CLOUD_INIT_GATEWAY" }]);
});

test("bad practice is a warning and stops nothing", () => {
  const { found, errors } = synthesized({ writeFiles: [{ path: "/etc/app", content: "${env:TOKEN}" }] });
  expect(found).toMatchObject([{ code: "CLOUD_INIT_READABLE_SECRET", severity: "warning" }]);
  expect(errors).toEqual([]);
});

test("a line with a secret is not judged, the others are", () => {
  const { found } = synthesized({ userData: "#cloud-config\nusers: [{ name: a, passwd: '${env:HASH}' }]\nfoo: 1\n" });
  expect(found).toMatchObject([{ code: "CLOUD_INIT_UNKNOWN_KEY", place: "sandboxes.web.cloudInit.userData:3:1" }]);
});

test("what runs well, with secrets and several pieces, is not spoken of", () => {
  const { found } = synthesized({ packages: ["nginx"], runCmd: ["login ${env:TOKEN}"], userData: "#!/bin/sh\necho hello\n" });
  expect(found).toEqual([]);
});
