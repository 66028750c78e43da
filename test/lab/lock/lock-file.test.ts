import { isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parse, parseDocument } from "yaml";
import type { LabLock } from "../../../lib/lab/lock/lab-lock.ts";
import { parseLockFile } from "../../../lib/lab/lock/parse-lock-file.ts";
import { printLockFile } from "../../../lib/lab/lock/print-lock-file.ts";
import { readOwnForm } from "../../../lib/lab/lock/read-own-form.ts";

const digest = "1e".repeat(32);
const lock: LabLock = {
  planner: 1,
  hypervisor: "kvm",
  provider: "libvirt",
  hosts: { alpha: { uri: "qemu+ssh://alpha/system?socket=/x, y" }, local: {} },
  images: {
    base: { source: { kind: "bootstrap", distribution: "debian", suite: "bookworm", packages: ["g++", "no"], mirror: "http://a" }, digest },
    file: { source: { kind: "path", path: "./a b: {c}.qcow2" }, digest, size: 5 },
    net: { source: { kind: "url", url: "https://a/b#c", sha256: digest }, digest },
  },
  networks: {
    "0": { own: false, cidr: "10.1.0.0/24", reserve: 32, bridge: "trm-a-00000", macPrefix: "0012" },
    on: { own: true, cidr: "10.2.0.0/29", reserve: 1, bridge: "trm-b-00000", macPrefix: "e123" },
  },
  sandboxes: { "1e3": { addresses: {} }, on: { addresses: { on: ["10.2.0.2", "10.2.0.3"], "0": ["10.1.0.10"] } } },
};
const file = { version: 1, labs: { lab: lock, true: { ...lock, sandboxes: {}, hosts: {} } } } as const;

test("the file is sorted, one line for each object", () => {
  expect(printLockFile({ version: 1, labs: { lab: lock } })).toMatchInlineSnapshot(`
    "# Written by Terrarium: what was decided for each lab, so that nobody moves. Check it in with the lab; do not edit it.
    # After a merge conflict, run \`terrarium lock\`.
    version: 1
    labs:
      lab:
        planner: 1
        hypervisor: kvm
        provider: libvirt
        hosts:
          alpha: { uri: "qemu+ssh://alpha/system?socket=/x, y" }
          local: {}
        images:
          base: { bootstrap: { distribution: debian, suite: bookworm, packages: ["g++", "no"], mirror: "http://a" }, digest: "1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e" }
          file: { path: "./a b: {c}.qcow2", digest: "1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e", size: 5 }
          net: { url: "https://a/b#c", digest: "1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e" }
        networks:
          "0": { cidr: 10.1.0.0/24, reserve: 32, bridge: trm-a-00000, macPrefix: "0012" }
          "on": { own: true, cidr: 10.2.0.0/29, reserve: 1, bridge: trm-b-00000, macPrefix: "e123" }
        sandboxes:
          "1e3": { addresses: {} }
          "on": { addresses: { "0": [10.1.0.10], "on": [10.2.0.2, 10.2.0.3] } }
    "
  `);
});

test("what is written is read, by us and by any YAML reader", () => {
  const text = printLockFile(file);
  expect(parseLockFile(text, "f")).toEqual({ value: file, diagnostics: [] });
  expect(readOwnForm(text)).toEqual(parse(text));
  expect(parse(text, { version: "1.1" })).toEqual(parse(text));
});

test("an empty file of labs is read", () => {
  expect(parseLockFile(printLockFile({ version: 1, labs: {} }), "f").value).toEqual({ version: 1, labs: {} });
});

test("another form of the same YAML is read, too", () => {
  const text = printLockFile(file).replaceAll("\n", "\r\n").replace("planner: 1", "planner:   1 # x");
  expect(readOwnForm(text)).toBeUndefined();
  expect(parseLockFile(text, "f").value).toEqual(file);
});

/** What a YAML library reads; undefined where it refuses. */
function asYaml(text: string): unknown {
  const document = parseDocument(text, { logLevel: "error" });
  return document.errors.length > 0 ? undefined : document.toJS();
}

test("whatever is cut out of it, the quick reader agrees with YAML or leaves it to it", () => {
  const text = printLockFile(file);
  const disagreements: string[] = [];
  fc.assert(
    fc.property(fc.nat(text.length), fc.nat(6), fc.constantFrom("", " ", ":", "x", "\n", '"', "{", "]"), (start, length, instead) => {
      const changed = text.slice(0, start) + instead + text.slice(start + length);
      const quick = readOwnForm(changed);
      if (quick !== undefined && !isDeepStrictEqual(quick, asYaml(changed))) disagreements.push(changed);
    }),
    { numRuns: 1000 },
  );
  expect(disagreements).toEqual([]);
});

test("merge conflict markers are told at their line, with the command that solves it", () => {
  const text = printLockFile(file).replace("      local: {}\n", "<<<<<<< HEAD\n      local: {}\n=======\n>>>>>>> branch\n");
  expect(parseLockFile(text, "terrarium.lock.yaml").diagnostics).toMatchObject([
    {
      code: "LOCK_CONFLICT",
      source: { file: "terrarium.lock.yaml", column: 1, text: "<<<<<<< HEAD" },
      nextStep: expect.stringContaining("terrarium lock") as string,
    },
  ]);
});

const line = (name: string, address: string) => `      ${name}: { addresses: { on: [${address}] } }\n`;

test("healing a conflict takes the entries of both sides, ours where both have one", () => {
  const conflict = `<<<<<<< HEAD\n${line("a", "10.2.0.4")}${line("b", "10.2.0.5")}||||||| base\n${line("old", "10.2.0.9")}=======\n${line("b", "10.2.0.6")}${line("c", "10.2.0.7")}>>>>>>> theirs\n`;
  const text = printLockFile({ version: 1, labs: { lab: lock } }) + conflict;
  const sandboxes = parseLockFile(text, "f", { healConflicts: true }).value?.labs["lab"]?.sandboxes ?? {};
  expect(Object.keys(sandboxes)).toEqual(["1e3", "on", "a", "b", "c"]);
  expect(sandboxes["b"]?.addresses["on"]).toEqual(["10.2.0.5"]);
});

test("a lock of a newer format or planner is refused", () => {
  for (const [from, to] of [
    ["version: 1", "version: 2"],
    ["planner: 1", "planner: 2"],
  ] as const) {
    expect(parseLockFile(printLockFile(file).replace(from, to), "f").diagnostics).toMatchObject([{ code: "LOCK_TOO_NEW" }]);
  }
});

test("what is not YAML, or not a lock, is told with its place", () => {
  expect(parseLockFile("a: [", "f").diagnostics).toMatchObject([{ code: "LOCK_SYNTAX", source: { file: "f", line: 1 } }]);
  for (const [from, to, place] of [
    ["10.1.0.0/24", "10.1.0.1/24", "labs.lab.networks.0.cidr"],
    ["10.1.0.10", "10.1.0.300", "labs.lab.sandboxes.on.addresses.0.0"],
    ["reserve: 32", "reserve: many", "labs.lab.networks.0.reserve"],
    ["    provider: libvirt\n", "", "labs.lab.provider"],
    ["version: 1", "version: 0", "version"],
    [digest, "abc", "labs.lab.images.base.digest"],
  ] as const) {
    const [diagnostic] = parseLockFile(printLockFile(file).replace(from, to), "f").diagnostics;
    expect(diagnostic).toMatchObject({ code: "LOCK_SYNTAX" });
    expect(diagnostic?.summary).toContain(` at ${place}, found `);
  }
  for (const text of ["", "[]", "version: 1", "labs: {}"])
    expect(parseLockFile(text, "f").diagnostics).toMatchObject([{ code: "LOCK_SYNTAX" }]);
});
