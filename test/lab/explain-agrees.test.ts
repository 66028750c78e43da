import * as fc from "fast-check";
import { expect, test } from "vitest";
import { explain } from "../../lib/lab/written/explain.ts";
import isWrittenLab from "../../schemas/generated/validate-lab.js";
import { lab } from "../../schemas/lab/lab.ts";

const full = {
  lab: "demo",
  hypervisor: "kvm",
  hosts: { alpha: { uri: "qemu:///system" } },
  backend: { s3: { bucket: "b" } },
  vars: { size: "2GiB", copies: 2 },
  defaults: { image: "debian", cpus: 2 },
  profiles: { small: { memory: "512MiB" } },
  images: {
    debian: { path: "./d.qcow2" },
    own: { bootstrap: { suite: "trixie" } },
    far: { url: "https://x.test/i", sha256: "0".repeat(64) },
  },
  networks: { front: { mode: "nat", cidr: "10.20.0.0/24", domain: "front.test", reserve: 8 } },
  sandboxes: {
    web: {
      profiles: ["small"],
      count: 2,
      networks: ["front", { name: "front", ips: ["10.20.0.5", "10.20.0.6"] }],
      disks: [{ name: "data", size: "1GiB" }],
      sshKeys: ["ssh-ed25519 AAAA"],
      labels: { tier: "web" },
      probes: [{ tcp: 80 }, { http: { port: 8080, path: "/" } }, { exec: "true" }],
      timeouts: { ready: "5m" },
      cloudInit: {
        packages: ["nginx"],
        hostname: "web",
        users: [{ name: "alice", groups: ["adm"], uid: 2000, lockPassword: false }],
        bootCmd: ["true", ["echo", "hi"]],
        disks: [{ disk: "data", partitions: [{ percent: 50, mount: "/data" }] }],
        apt: { sources: { tools: { source: "deb http://x.test x main" } } },
        yum: { repos: { tools: { baseUrl: "http://x.test" } } },
        ntp: { client: "chrony", pools: ["x.test"] },
        powerState: { mode: "reboot", delay: "1m", condition: ["true"] },
        phoneHome: { url: "http://x.test", post: ["fqdn"], tries: 3 },
        runCmd: ["true", ["echo", "hi"]],
        writeFiles: [{ path: "/etc/x", content: "x", permissions: "0644", append: true }],
        userData: { file: "./x.yaml", template: true },
        vendorData: ["./y.yaml", { file: "./z.yaml" }],
        metaData: { role: "web" },
        networkConfig: { version: 2 },
      },
    },
    each: { forEach: { a: { size: 1 }, b: null } },
  },
};

type Step = string | number;

function pathsOf(value: unknown, path: Step[] = []): Step[][] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, part]) => pathsOf(part, [...path, key]))];
}

/** The lab with the value at a path replaced, removed (`undefined`), or with a key added beside it. */
function changed(path: readonly Step[], replacement: unknown, beside: string | undefined): unknown {
  const copy: unknown = structuredClone(full);
  const last = path.at(-1);
  if (last === undefined) return replacement;
  const parent = path.slice(0, -1).reduce<unknown>((part, step) => (part as Record<Step, unknown>)[step], copy) as Record<Step, unknown>;
  if (beside !== undefined && !Array.isArray(parent)) parent[beside] = replacement;
  else if (replacement === undefined) delete parent[last];
  else parent[last] = replacement;
  return JSON.parse(JSON.stringify(copy));
}

const values = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    2048,
    "",
    "yes",
    "x",
    "2GiB",
    "90s",
    "web-1",
    "A_b",
    "10.0.0.1",
    "${var:x}",
    [],
    {},
    [[]],
    ["a", "a"],
    { name: "x" },
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

test("the explanation finds a fault exactly where the validator does", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...pathsOf(full)),
      fc.option(values, { nil: undefined }),
      fc.option(fc.constantFrom("count", "ip", "tcp", "url", "extra"), { nil: undefined }),
      (path, value, beside) => {
        const written = changed(path, value, beside);
        const faults = explain(lab, written);
        expect(faults.length === 0).toBe(isWrittenLab(written));
        for (const { summary, nextStep } of faults) expect([summary, nextStep]).not.toContain(undefined);
      },
    ),
    { numRuns: 3000 },
  );
});
