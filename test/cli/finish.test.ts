import { expect, test } from "vitest";
import type { CommandContext } from "../../lib/cli/context.ts";
import { finish } from "../../lib/cli/finish.ts";
import { interrupted } from "../../lib/deploy/interrupted.ts";
import { DiagnosticError } from "../../lib/diagnostics/diagnostic-error.ts";

async function finished(error: Error): Promise<{ exitCode: number; stderr: string }> {
  let stderr = "";
  const write = (text: string): void => void (stderr += text);
  const context: CommandContext = { cwd: "/", env: {}, stdin: process.stdin, stdout: { write: () => undefined }, stderr: { write } };
  const exitCode = await finish(context, {}, async () => {
    throw error;
  });
  return { exitCode, stderr };
}

test("a command that the user stopped has not failed", async () => {
  expect(await finished(interrupted())).toMatchObject({ exitCode: 130, stderr: expect.stringContaining("Run the same command again") });
});

test("an error beside the interrupt is an error", async () => {
  const failed = { code: "STRANGER", severity: "error", summary: "somebody else's" } as const;
  expect(await finished(new DiagnosticError([...interrupted().diagnostics, failed]))).toMatchObject({ exitCode: 1 });
});

test("a full disk is told as one, also where the system names no path", async () => {
  const error = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: "write" });
  const { exitCode, stderr } = await finished(error);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("error SYSTEM_REFUSED: no space left on the device (write)");
});
