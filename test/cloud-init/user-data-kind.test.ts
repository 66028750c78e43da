import { expect, test } from "vitest";
import { kindOfUserData } from "../../lib/cloud-init/user-data-kind.ts";

test.each([
  ["#cloud-config\npackages: []\n", "cloud-config"],
  ["#cloud-config-archive\n- content: a\n", "cloud-config-archive"],
  ['#cloud-config-jsonp\n[{"op": "add"}]\n', "cloud-config-jsonp"],
  ["#!/bin/sh\necho\n", "script"],
  ["#include\nhttp://example.test/a\n", "include"],
  ["#include-once http://example.test/a\n", "include-once"],
  ["#cloud-boothook\necho\n", "boothook"],
  ["#part-handler\n", "part-handler"],
  ["## template: jinja\n#cloud-config\n", "jinja"],
  ["Content-Type: multipart/mixed; boundary=x\nMIME-Version: 1.0\n\n--x--\n", "mime"],
  ["H4sIAAAAAAAAA0vOyS9N0U3Oz0vLTAcAAAAA//8=", "gzip"],
  ["", "empty"],
  [" \n\t\n", "empty"],
])("%j is %s", (text, kind) => {
  expect(kindOfUserData(text)).toBe(kind);
});

test("as for cloud-init, case and space before the header do not matter", () => {
  expect(kindOfUserData("\n  #Cloud-Config\n")).toBe("cloud-config");
});

test.each(["packages: [nginx]\n", "# cloud-config\n", "\ufeff#cloud-config\n", "echo hello", "Content-Type: text/plain\n\nno version"])(
  "%j is nothing that cloud-init knows",
  (text) => {
    expect(kindOfUserData(text)).toBe("unknown");
  },
);
