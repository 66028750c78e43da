import * as fc from "fast-check";
import { expect, test } from "vitest";
import { diagnosticCodes } from "../../lib/diagnostics/codes.ts";
import { hasErrors } from "../../lib/diagnostics/diagnostic.ts";
import { checkWritten } from "../../lib/lab/check-written.ts";
import { normalizeLab } from "../../lib/lab/normalize-lab.ts";
import type { WrittenLab } from "../../lib/lab/written-lab.ts";

const rich: WrittenLab = {
  lab: "web-tier",
  hosts: { alpha: { uri: "qemu:///system" }, beta: { uri: "embedded" } },
  defaults: { image: "base", cpus: 2, memory: "2GiB", host: "alpha", labels: { a: "b" }, timeouts: { ready: "5m" } },
  profiles: { web: { cloudInit: { packages: ["nginx"] } }, big: { profiles: ["web"], cpus: 8 } },
  images: { base: { bootstrap: { suite: "bookworm" }, size: "3GiB" }, file: { path: "./a.qcow2", sha256: "0".repeat(64) } },
  networks: { front: { cidr: "10.20.0.0/24", reserve: 8 }, back: { mode: "isolated" }, small: { cidr: "10.21.0.0/29" } },
  sandboxes: {
    web: { count: 3, profiles: "big", networks: ["front", { name: "back" }], cloudInit: { runCmd: ["echo ${each:index}", ["ls", "/"]] } },
    db: { networks: [{ name: "front", ip: "10.20.0.5" }], disks: [{ size: "20GiB" }, { name: "log", size: "1GiB" }], protect: true },
    each: {
      forEach: { a: { ip: "10.20.0.20", n: 2 }, b: { ip: "10.20.0.21", n: 3 } },
      cpus: "${each:n}",
      networks: [{ name: "front", ip: "${each:ip}" }],
    },
    list: { count: 2, networks: [{ name: "small", ips: ["10.21.0.2", "10.21.0.3"] }, "front"], host: "beta" },
    legacy: { image: "file", seed: "none", ready: "ssh", probes: [{ tcp: 22 }, { http: { port: 80 } }, { exec: "true" }] },
    own: { cloudInit: { userData: "#cloud-config\n{}", writeFiles: [{ path: "/a", content: "${env:A}" }], networkConfig: { version: 2 } } },
  },
};

/** Every place in a value that has something in it, as keys from its root. */
function placesOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, part]) => placesOf(part, [...path, key]))];
}

const places = placesOf(rich).filter(({ length }) => length > 0);

/** Values that the schema lets through in one place or another, so that what comes after it is tried. */
const strange = fc.constantFrom<unknown>(
  "front",
  "web",
  "base",
  "big",
  "nobody",
  "constructor",
  "local",
  "a",
  "0",
  "x".repeat(63),
  "${each:index}",
  "${each:n}",
  "${var:x}",
  "${env:A}",
  "$${env:A}",
  "10.20.0.0/24",
  "10.0.0.0/8",
  "10.128.0.0/9",
  "0.0.0.0/0",
  "10.20.0.0/31",
  "10.20.0.1",
  "10.20.0.255",
  "10.20.0.5",
  "999.1.1.1",
  "1.5GiB",
  "0B",
  "1B",
  "0s",
  "./x",
  0,
  1,
  2,
  8,
  288,
  1000,
  4096,
  true,
  false,
  {},
  [],
  ["front"],
  ["front", "front"],
  ["web", "big"],
  { a: { n: 1 } },
  { version: 1 },
  undefined,
  null,
);

function changed(value: unknown, [key, ...rest]: readonly string[], instead: unknown): unknown {
  if (key === undefined) return instead;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value)
    ? [...(value as unknown[])]
    : { ...(value as Record<string, unknown>) };
  const map = copy as Record<string, unknown>;
  if (rest.length === 0 && instead === undefined) delete map[key];
  else map[key] = changed(map[key], rest, instead);
  return copy;
}

test("the lab that the others are made from is a valid one", () => {
  expect([...checkWritten(rich), ...normalizeLab(rich).diagnostics]).toEqual([]);
});

test("whatever the schema lets through gives a lab or says why not, and nothing throws", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...places), strange), { minLength: 1, maxLength: 3 }), (changes) => {
      let written: unknown = rich;
      for (const [place, instead] of changes) if (canHold(written, place)) written = changed(written, place, instead);
      if (hasErrors(checkWritten(written))) return;
      const { value, diagnostics } = normalizeLab(written as WrittenLab);
      for (const { code } of diagnostics) seen.add(code);
      if ((value === undefined) !== hasErrors(diagnostics)) throw new Error("a value and an error, or neither");
      for (const { code, severity, nextStep, path } of diagnostics) {
        if (!Object.hasOwn(diagnosticCodes, code) || path === undefined) throw new Error(`${code} has no place`);
        if (severity === "error" && nextStep === undefined) throw new Error(`${code} says nothing to do`);
      }
    }),
    { numRuns: 3000 },
  );
  // Enough of the rules were met for this to mean something.
  expect(seen.size).toBeGreaterThan(7);
});

function canHold(value: unknown, path: readonly string[]): boolean {
  let part = value;
  for (const key of path.slice(0, -1)) {
    if (typeof part !== "object" || part === null || !Object.hasOwn(part, key)) return false;
    part = (part as Record<string, unknown>)[key];
  }
  return typeof part === "object" && part !== null;
}
