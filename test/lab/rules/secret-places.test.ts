import { expect, test } from "vitest";
import { labOf, normalized, said } from "../lab-fixtures.ts";

test("secrets stand in keys, commands, files and user-data only", () => {
  const secret = "x${env:TOKEN}";
  const cloudInit = { runCmd: [secret, ["echo", secret]], writeFiles: [{ path: "/a", content: secret }], userData: `#!/bin/sh\n${secret}` };
  const { lab } = normalized(labOf({ web: { sshKeys: [secret], cloudInit } }));
  const text = { pieces: ["x", { env: "TOKEN" }] };
  expect(lab.sandboxes["web"]).toMatchObject({
    sshKeys: [text],
    cloudInit: {
      runCmd: [text, ["echo", text]],
      writeFiles: [{ content: text }],
      userData: { pieces: ["#!/bin/sh\nx", { env: "TOKEN" }] },
    },
  });
});

test("elsewhere they are refused at their place", () => {
  const written = labOf(
    { web: { labels: { a: "${env:A}" }, cloudInit: { packages: ["${file:./b}"] }, probes: [{ exec: "test ${env:A}" }] } },
    { networks: { front: { overrides: { x: ["${env:A}"] } } } },
  );
  expect(said(written).sort()).toEqual([
    "SECRET_MISPLACED networks.front.overrides.x.0",
    "SECRET_MISPLACED sandboxes.web.cloudInit.packages.0",
    "SECRET_MISPLACED sandboxes.web.labels.a",
    "SECRET_MISPLACED sandboxes.web.probes.0.exec",
  ]);
});

test("a doubled dollar writes ours literally, a shell's own is left alone", () => {
  const { lab } = normalized(
    labOf({ web: { labels: { a: "$${env:A} ${HOME} ${env:-x}" }, cloudInit: { runCmd: ["$${env:A} ${HOME}"] } } }),
  );
  expect(lab.sandboxes["web"]?.labels).toEqual({ a: "${env:A} ${HOME} ${env:-x}" });
  expect(lab.sandboxes["web"]?.cloudInit.runCmd).toEqual(["${env:A} ${HOME}"]);
});
