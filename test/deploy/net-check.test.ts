import { execa } from "execa";
import { expect, test } from "vitest";
import { junitText } from "../../lib/cli/output/junit.ts";
import { checkText } from "../../lib/cli/output/net.ts";
import { checksOf, reportOf } from "../../lib/deploy/net-check.ts";
import { netCheckScript, readAnswers } from "../../lib/deploy/net-check-script.ts";
import { labOf, normalized, said } from "../lab/lab-fixtures.ts";

test("the script answers by what this machine really has, whatever stands in an address", async () => {
  const script = netCheckScript([
    { ask: "address", address: "127.0.0.1" },
    { ask: "address", address: "192.0.2.1" },
    { ask: "tcp", address: "127.0.0.1", port: 1 },
    { ask: "name", name: "localhost", address: "127.0.0.1", server: "127.0.0.1" },
    { ask: "address", address: "1; echo 0 no; $(touch /nowhere/x) '" },
  ]);
  const { stdout } = await execa("sh", ["-c", script]);
  const answers = readAnswers(stdout, 6);
  expect(answers.slice(2)).toEqual(["no", "yes", "no", "unknown"]);
  // A machine without ip and ifconfig cannot tell.
  expect([
    ["yes", "no"],
    ["unknown", "unknown"],
  ]).toContainEqual(answers.slice(0, 2));
});

test("an answer that did not come is unknown, and other output is passed over", () => {
  expect(readAnswers("Welcome!\n1 yes\r\n0 no\n7 yes\n2 maybe\n", 3)).toEqual(["no", "yes", "unknown"]);
});

test("a sandbox is asked for its addresses, gateways, names and every other sandbox, each by ping and TCP", () => {
  const { lab } = normalized(labOf({ web: { networks: ["n"] }, db: { networks: ["n"] }, alone: {} }, { networks: { n: {} } }));
  const web = lab.sandboxes["web"];
  if (!web) throw new Error("no web");
  expect(checksOf(lab, web).map(({ kind, expected }) => `${kind} ${expected}`)).toEqual([
    "address yes",
    "gateway yes",
    "name yes",
    "isolation no",
    "isolation no",
    "ping yes",
    "tcp yes",
  ]);
});

test("what the lab says of a pair stands for what follows from the networks; of a port, beside it", () => {
  const sandboxes = { web: { networks: ["n"] }, db: { count: 2, networks: ["n"] } };
  const asked = (rest: object) => {
    const { lab } = normalized(labOf(sandboxes, { networks: { n: {} }, ...rest }));
    const web = lab.sandboxes["web"];
    if (!web) throw new Error("no web");
    return checksOf(lab, web).flatMap(({ kind, expected, question }) =>
      kind === "address" || kind === "gateway" || kind === "name"
        ? []
        : [`${kind} ${expected} ${question.ask === "tcp" ? question.port : question.ask}`],
    );
  };
  expect(asked({})).toEqual(["ping yes ping", "tcp yes 22", "ping yes ping", "tcp yes 22"]);
  expect(asked({ unreachable: [{ from: "web", to: "db" }] })).toEqual(["isolation no ping", "isolation no ping"]);
  expect(asked({ reachable: [{ from: "web", to: "db-1", port: 80 }], unreachable: [{ from: "web", to: "192.0.2.1" }] })).toEqual([
    "ping yes ping",
    "tcp yes 22",
    "ping yes ping",
    "tcp yes 22",
    "tcp yes 80",
    "isolation no ping",
  ]);
});

test("whoever the lab does not have, or whose address nobody knows, is an error at its place", () => {
  const networks = { n: {}, lan: { mode: "bridged", bridge: "br0" } } as const;
  const sandboxes = { web: { networks: ["n"] }, far: { networks: ["lan"] } };
  const at = (reachable: readonly { from: string; to: string }[]) => said(labOf(sandboxes, { networks, reachable: [...reachable] }));
  expect(at([{ from: "web", to: "nobody" }])).toEqual(["UNKNOWN_SANDBOX reachable.0.to"]);
  expect(at([{ from: "nobody", to: "web" }])).toEqual(["UNKNOWN_SANDBOX reachable.0.from"]);
  expect(at([{ from: "web", to: "far" }])).toEqual(["INVALID_VALUE reachable.0.to"]);
  expect(at([{ from: "far", to: "web" }])).toEqual([]);
});

const report = reportOf(
  [
    { sandbox: "web", kind: "ping", what: "db", outcome: "passed" },
    { sandbox: "web", kind: "tcp", what: 'db "<&>"', outcome: "failed", detail: "no answer" },
    { sandbox: "web", kind: "name", what: "db.test", outcome: "unknown" },
  ],
  1500,
);

test("the text tells what is not as the lab says it, and a sum", () => {
  expect(checkText(report)).toBe(
    'RESULT   SANDBOX  CHECK  WHAT      DETAIL\nfailed   web      tcp    db "<&>"  no answer\nunknown  web      name   db.test   -\n\n1 passed, 1 failed, 1 unknown in 1.5 s.\n',
  );
});

test("JUnit's form has a case for each check, and escapes what XML would read", () => {
  const text = junitText("shop", report);
  expect(text).toContain('tests="3" failures="1" skipped="1" time="1.500"');
  expect(text).toContain('name="tcp: db &quot;&lt;&amp;&gt;&quot;"><failure message="no answer"/></testcase>');
  expect(text).toContain('<testcase classname="web" name="ping: db"/>');
});
