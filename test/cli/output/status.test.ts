import { expect, test } from "vitest";
import { statusLine, statusLines, statusTable } from "../../../lib/cli/output/status.ts";
import type { SandboxStatus } from "../../../lib/deploy/sandbox-status.ts";

const web: SandboxStatus = {
  name: "web",
  state: "running",
  host: "local",
  image: "debian-12",
  cpus: 1,
  memory: 2 ** 30,
  addresses: [{ network: "front", address: "10.20.0.5", mac: "02:00:00:00:00:05", seen: true, others: [] }],
};

test("an address that nothing has confirmed is in brackets", () => {
  const db = { ...web, name: "db", state: "off" as const, addresses: web.addresses.map((one) => ({ ...one, seen: false })) };
  expect(statusTable([web, db])).toBe(
    "SANDBOX  STATE    ADDRESS      HOST   IMAGE\nweb      running  10.20.0.5    local  debian-12\ndb       off      (10.20.0.5)  local  debian-12\n",
  );
  expect(statusLine(db)).toBe("db: off");
  expect(statusLine(web)).toBe("web: running 10.20.0.5");
});

test("what the table has no column for stands below it", () => {
  expect(statusLines([web])).toBe("");
  expect(statusLines([{ ...web, state: "absent" }])).toBe("web: not on its host; terrarium apply makes it.\n");
  expect(statusLines([{ ...web, state: "stranger" }])).toContain("not this lab's");
  expect(statusLines([{ ...web, state: "paused", reason: "ioerror" }])).toBe("web: paused, ioerror\n");
  expect(statusLines([{ ...web, addresses: web.addresses.map((one) => ({ ...one, others: ["10.20.0.99"] })) }])).toBe(
    "web also has front 10.20.0.99.\n",
  );
});
