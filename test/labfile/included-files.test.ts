import { expect, test } from "vitest";
import { includedFiles } from "../../lib/labfile/included-files.ts";

function pathsOf(userData: string): string[] {
  return includedFiles({ lab: "demo", sandboxes: { web: { cloudInit: { userData } } } }).map(({ path }) => path);
}

test.each(["./web.yaml", "../web.yaml", "/etc/web.yaml", "~/web.yaml", "./with space.yaml"])("%s is the path of a file", (text) => {
  expect(pathsOf(text)).toEqual([text]);
});

test.each(["#cloud-config", "#!/bin/sh\necho", "web.yaml", ".hidden", "~root/x", "/bin/sh\necho", "./x\n", ".../x"])(
  "%j is user-data itself",
  (text) => {
    expect(pathsOf(text)).toEqual([]);
  },
);

test("files are listed with their place, in the lab's order, each mention once", () => {
  const files = includedFiles({
    lab: "demo",
    sandboxes: {
      web: { cloudInit: { userData: "./web.yaml" } },
      db: { cloudInit: { userData: { file: "db.yaml", template: true } } },
      inline: { cloudInit: { userData: "#cloud-config\n{}\n" } },
      plain: {},
    },
    defaults: { cloudInit: { userData: "~/all.yaml" } },
    profiles: { small: { cloudInit: { userData: { file: "../small.sh" } } } },
  });
  expect(files).toEqual([
    { path: "~/all.yaml", template: false, at: ["defaults", "cloudInit", "userData"] },
    { path: "../small.sh", template: false, at: ["profiles", "small", "cloudInit", "userData"] },
    { path: "./web.yaml", template: false, at: ["sandboxes", "web", "cloudInit", "userData"] },
    { path: "db.yaml", template: true, at: ["sandboxes", "db", "cloudInit", "userData"] },
  ]);
});

test("a path that differs between the copies of a sandbox names a file for each", () => {
  const files = includedFiles({
    lab: "demo",
    profiles: { own: { cloudInit: { userData: "./${each:key}.yaml" } } },
    sandboxes: { web: { forEach: ["a", "b"], profiles: "own" }, db: { cloudInit: { userData: "./db.yaml" } } },
  });
  expect(files.map(({ path }) => path).sort()).toEqual(["./a.yaml", "./b.yaml", "./db.yaml"]);
});

test("files of vendor-data and of parts are listed, too", () => {
  const cloudInit = { userData: ["./a.yaml", "#!/bin/sh\n", { file: "b.sh", template: true }], vendorData: "./v.yaml" };
  const at = ["sandboxes", "web", "cloudInit"];
  expect(includedFiles({ lab: "demo", sandboxes: { web: { cloudInit } } })).toEqual([
    { path: "./a.yaml", template: false, at: [...at, "userData", 0] },
    { path: "b.sh", template: true, at: [...at, "userData", 2] },
    { path: "./v.yaml", template: false, at: [...at, "vendorData"] },
  ]);
});
