import { execa } from "execa";
import { expect, test } from "vitest";
import { junitText } from "../../lib/cli/output/junit.ts";
import { checkText } from "../../lib/cli/output/net.ts";
import { checksOf, reportOf } from "../../lib/deploy/net-check.ts";
import { netCheckScript, readAnswers } from "../../lib/deploy/net-check-script.ts";
import { labOf, normalized } from "../lab/lab-fixtures.ts";

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
