import { expect, test } from "vitest";
import { OutcomeCollector } from "../../lib/terraform/outcome.ts";
import { replay } from "./recorded.ts";

const failed = { exitCode: 1 };

test("a good apply is ok, with its counts and without diagnostics", async () => {
  const { outcome } = await replay("apply.jsonl", { exitCode: 0 });
  expect(outcome).toMatchObject({ ok: true, interrupted: false, diagnostics: [], summary: { operation: "apply", add: 4 } });
});

test("a provider whose version is not in the local mirror is named with that version and the folder to put it in", async () => {
  const { outcome } = await replay("provider-version-missing.jsonl", failed);
  expect(outcome.ok).toBe(false);
  expect(outcome.diagnostics.map(({ diagnostic }) => diagnostic)).toMatchObject([
    {
      code: "PROVIDER_MISSING",
      severity: "error",
      summary: "Terraform needs provider dmacvicar/libvirt 0.9.99, which is neither installed nor downloadable",
      nextStep: expect.stringContaining("~/.terraform.d/plugins/registry.terraform.io/dmacvicar/libvirt/0.9.99/OS_ARCH/"),
    },
  ]);
});

test("a provider whose registry cannot be reached is named with the version that was wanted", async () => {
  const { outcome } = await replay("provider-unreachable.jsonl", failed);
  expect(outcome.diagnostics.map(({ diagnostic }) => diagnostic)).toMatchObject([
    {
      code: "PROVIDER_MISSING",
      summary: "Terraform needs provider acme/foo 1.2.3, which is neither installed nor downloadable",
      detail: expect.stringContaining("network is unreachable"),
      nextStep: expect.stringMatching(/^Let this machine reach registry\.terraform\.io, or /),
    },
  ]);
});

test("a directory that was not initialized is told to be", async () => {
  const { outcome } = await replay("not-initialized.jsonl", failed);
  expect(outcome.diagnostics.map(({ diagnostic }) => diagnostic.code)).toEqual(["NOT_INITIALIZED"]);
});

test("an unreachable libvirt is one error that names URI and cause, at the provider's address", async () => {
  const { outcome } = await replay("libvirt-unreachable.jsonl", failed);
  expect(outcome.diagnostics).toMatchObject([
    {
      address: 'provider["registry.terraform.io/dmacvicar/libvirt"]',
      raw: { context: "provider.libvirt", range: { filename: "main.tf.json", line: 1 } },
      diagnostic: {
        code: "LIBVIRT_UNREACHABLE",
        summary:
          "the libvirt provider cannot connect to qemu:///system?socket=/nonexistent/libvirt-sock: " +
          "failed to dial libvirt: dial unix /nonexistent/libvirt-sock: connect: no such file or directory",
        nextStep: expect.stringContaining("virsh -c 'qemu:///system?socket=/nonexistent/libvirt-sock' version"),
      },
    },
  ]);
});

test("a provider that was killed is told as such", async () => {
  const { outcome } = await replay("provider-crashed.jsonl", failed);
  expect(outcome.diagnostics.map(({ diagnostic }) => diagnostic)).toMatchObject([
    { code: "PROVIDER_CRASHED", nextStep: expect.stringContaining("logs/terraform.jsonl") },
  ]);
});

test("a locked state names who holds it and since when", async () => {
  const { outcome } = await replay("locked.jsonl", failed);
  expect(outcome.diagnostics.map(({ diagnostic }) => diagnostic)).toMatchObject([
    {
      code: "STATE_LOCKED",
      summary: expect.stringMatching(/^the state is locked by alice@lab since 2026-/),
      nextStep: expect.stringContaining("force-unlock"),
    },
  ]);
});

test("a stale plan asks for a new one", async () => {
  const { outcome } = await replay("stale-plan.jsonl", failed);
  expect(outcome.diagnostics.map(({ diagnostic }) => diagnostic.code)).toEqual(["PLAN_STALE"]);
});

test("an interrupted apply keeps the error of what was cut, with its address, and drops the words for the interrupt itself", async () => {
  const { outcome } = await replay("interrupted.jsonl", { exitCode: 1, interrupted: true });
  expect(outcome.interrupted).toBe(true);
  expect(outcome.diagnostics).toMatchObject([
    { address: "terraform_data.slow", diagnostic: { code: "TERRAFORM_ERROR", summary: "local-exec provisioner error" } },
  ]);
});

test("an error that is not known keeps Terraform's words and points to the log", async () => {
  const { outcome } = await replay("interrupted.jsonl", failed);
  expect(outcome.diagnostics[0]?.diagnostic).toEqual({
    code: "TERRAFORM_ERROR",
    severity: "error",
    summary: "local-exec provisioner error",
    detail: "Error running command 'echo working; exec sleep 60': signal: killed. Output: working",
    nextStep: "Everything Terraform said is in logs/terraform.jsonl; TF_LOG=debug says more.",
  });
});

test("a repeated error is told once", async () => {
  const { outcome } = await replay("interrupted.jsonl", failed);
  expect(outcome.diagnostics.map(({ diagnostic }) => diagnostic.summary)).toEqual(["local-exec provisioner error", "execution halted"]);
});

test("a warning stays a warning and does not make a run fail", async () => {
  const { outcome } = await replay("init-libvirt.jsonl", { exitCode: 0 });
  expect(outcome.ok).toBe(true);
  expect(outcome.diagnostics.map(({ diagnostic }) => diagnostic)).toMatchObject([
    { severity: "warning", summary: "Incomplete lock file information for providers" },
  ]);
});

test("a summary of several lines is cut to its first", async () => {
  const collector = new OutcomeCollector();
  collector.add(
    JSON.stringify({
      type: "diagnostic",
      diagnostic: { severity: "error", summary: "Error loading state:\n    refused\n\nmore", detail: "" },
    }),
  );
  const { diagnostics } = await collector.finish({ exitCode: 1, interrupted: false, log: "l", errorLog: "/nonexistent/e" });
  expect(diagnostics[0]?.diagnostic).toMatchObject({ summary: "Error loading state", detail: "refused\n\nmore" });
});

test("an engine that dies without a word is an error with the lines that were no events", async () => {
  const collector = new OutcomeCollector();
  collector.add("panic: runtime error");
  const { diagnostics } = await collector.finish({ signal: "SIGSEGV", interrupted: false, log: "l", errorLog: "/nonexistent/e" });
  expect(diagnostics).toMatchObject([
    {
      diagnostic: { code: "TERRAFORM_ERROR", severity: "error", summary: "Terraform was ended by SIGSEGV", detail: "panic: runtime error" },
    },
  ]);
});

test("every error has a next step", async () => {
  for (const name of [
    "provider-version-missing",
    "libvirt-unreachable",
    "provider-crashed",
    "locked",
    "stale-plan",
    "interrupted",
    "not-initialized",
  ]) {
    const { outcome } = await replay(`${name}.jsonl`, failed);
    expect(outcome.diagnostics.filter(({ diagnostic }) => !diagnostic.nextStep)).toEqual([]);
  }
});
