import { expect, test } from "vitest";
import { DiagnosticError } from "../../lib/diagnostics/diagnostic-error.ts";
import { withSecrets } from "../../lib/deploy/read-secrets.ts";
import { LabStack, Testing } from "../../lib/index.ts";

const lab = Testing.lab(
  new LabStack(Testing.scope(), "demo", {
    images: { debian: { bootstrap: { suite: "bookworm" } } },
    sandboxes: { web: { image: "debian", cloudInit: { runCmd: ["login ${env:TOKEN} ${env:OTHER}"] } } },
  }),
);
const sources = { env: { TOKEN: "hunter22", OTHER: "x" }, directory: "/" };

test("work gets every secret by its reference", async () => {
  expect(await withSecrets(lab, sources, async (reveal) => reveal({ env: "TOKEN" }) + reveal({ env: "OTHER" }))).toBe("hunter22x");
});

test("every secret that is missing is named, and no work is done", async () => {
  const failed = await withSecrets(lab, { env: {}, directory: "/" }, async () => "done").catch((error: unknown) => error);
  expect(failed).toMatchObject({ diagnostics: [{ code: "SECRET_MISSING" }, { code: "SECRET_MISSING" }] });
  expect(String(failed)).toContain("${env:TOKEN}");
});

test("an error that nobody expected loses its text, which may quote a secret, and keeps its place", async () => {
  const work = async (): Promise<never> => {
    throw new TypeError("cannot read\n    at hunter22");
  };
  const failed = await withSecrets(lab, sources, work).catch((error: unknown) => error);
  expect(failed).toMatchObject({ message: "TypeError, whose text is left out: it may quote a secret" });
  const { stack = "" } = failed as Error;
  expect(stack).toMatch(/\n +at .*read-secrets\.test\.ts/);
  expect(stack).not.toContain("hunter22");
});

test("a diagnostic, and what the operating system says, go on as they are", async () => {
  const ours = new DiagnosticError({ code: "KEY_LOST", severity: "error", summary: "gone" });
  const system = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: "write" });
  for (const error of [ours, system]) {
    const work = async (): Promise<never> => {
      throw error;
    };
    await expect(withSecrets(lab, sources, work)).rejects.toBe(error);
  }
});
