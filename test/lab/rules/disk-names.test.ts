import { expect, test } from "vitest";
import { checkDiskNames } from "../../../lib/lab/rules/disk-names.ts";
import { labOf, said } from "../lab-fixtures.ts";

test("different names are fine", () => {
  expect(checkDiskNames(["data", "log"], [])).toEqual([]);
});

test("a name may not be there twice, also where one is a default", () => {
  expect(said(labOf({ web: { disks: [{ name: "disk2", size: "1GiB" }, { size: "1GiB" }] } }))).toEqual([
    "DUPLICATE_DISK sandboxes.web.disks.1",
  ]);
});

test("root and seed are taken", () => {
  expect(checkDiskNames(["root", "seed"], ["disks"])).toMatchObject([{ path: ["disks", 0] }, { path: ["disks", 1] }]);
});
