import { expect, test } from "vitest";
import type { FailureBundle } from "../../lib/ready/failure-bundle.ts";
import { hintsFor } from "../../lib/ready/hints.ts";
import { renderBundle } from "../../lib/ready/render-bundle.ts";
import { address, mac, sandbox } from "./waited-lab.ts";

const found: Omit<FailureBundle, "hints"> = {
  format: 1,
  sandbox: "web",
  nameOnHost: "lab-web",
  cause: {
    code: "NO_ADDRESS",
    severity: "error",
    summary: 'sandbox "web" did not get its address: expected 10.20.0.5 in front, found none',
    nextStep: 'Read its console: "terrarium logs web".',
  },
  reached: "booting",
  elapsed: 900_012,
  accelerator: "tcg",
  machine: {
    state: "running",
    reason: "booted",
    cpus: 2,
    memoryBytes: 2 ** 29,
    disks: [
      { target: "vda", kind: "disk", file: "/var/lib/terrarium/d/web.qcow2" },
      { target: "sda", kind: "cdrom", file: "/var/lib/terrarium/d/web-seed.iso" },
    ],
  },
  nics: [{ network: "front", name: "front", mac, expected: address, addressing: "dhcp", addresses: [], sent: 0, received: 180 }],
  agent: "disconnected",
  console: { lines: ["[   60.1] random: crng init done", "debian login: \u001b]0;evil\u0007"] },
  unread: [],
};

function shown(rest: Partial<FailureBundle> = {}): string {
  const facts = { ...found, ...rest };
  return renderBundle({ ...facts, hints: hintsFor(facts, sandbox()) });
}

test("a guest that never spoke", () => {
  expect(shown()).toMatchSnapshot();
});

test("a guest that never spoke, not even on its console", () => {
  expect(shown({ accelerator: "kvm", console: { lines: [] } })).toMatchSnapshot();
});

test("a guest that panicked", () => {
  const lines = ["[    1.0] Out of memory", "[    1.1] Kernel panic - not syncing: System is deadlocked on memory"];
  expect(shown({ console: { lines, sign: { kind: "panic", line: lines[1] ?? "" } } })).toMatchSnapshot();
});

test("a guest whose cloud-init met errors", () => {
  expect(
    shown({
      cause: {
        code: "CLOUD_INIT_FAILED",
        severity: "error",
        summary: 'cloud-init has finished with 1 error in sandbox "web"',
        detail: "('scripts_user', RuntimeError('Runparts: 1 failures'))",
        nextStep: 'See what happened: "terrarium exec web -- sudo cat /var/log/cloud-init-output.log".',
      },
      reached: "ssh",
      elapsed: 61_500,
      agent: "connected",
      nics: [
        {
          network: "front",
          name: "front",
          mac,
          expected: address,
          addressing: "dhcp",
          addresses: [{ address, source: "lease" }],
          sent: 9000,
          received: 8000,
        },
      ],
      cloudInit: {
        finished: true,
        datasource: "DataSourceNoCloud [seed=/dev/sr0][dsmode=net]",
        errors: ["('scripts_user', RuntimeError('Runparts: 1 failures'))"],
        warnings: [],
        deprecations: [],
        installed: true,
        disabled: false,
        instanceId: "lab-web-1",
        output: ["E: Unable to locate package ngnix"],
      },
    }),
  ).toMatchSnapshot();
});

test("a sandbox that is gone", () => {
  expect(
    shown({ machine: undefined, nics: [], agent: undefined, console: undefined, unread: ["console: it is on another machine"] }),
  ).toMatchSnapshot();
});
