import { execa } from "execa";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { parseCopyPath, type CopyPath } from "../ssh/copy-path.ts";
import { scpCommand } from "../ssh/scp-command.ts";
import { explainSshFailure } from "../ssh/ssh-failure.ts";
import type { Deployed } from "./deployed.ts";

export interface CopyOptions {
  /** Folder that paths of this machine start from. */
  readonly cwd: string;
  readonly recursive?: boolean;
  readonly signal?: AbortSignal;
}

/** A guest whose SSH server has no SFTP: dropbear. */
const noSftp = /sftp-server: (?:not found|No such file)|subsystem request failed/i;

/**
 * Copies files to, from or between sandboxes.
 *
 * @throws DiagnosticError COPY_PATH, COPY_UNKNOWN_SANDBOX, SSH_MISSING, COPY_FAILED, or why ssh failed
 */
export async function copyFiles(deployed: Deployed, from: string, to: string, options: CopyOptions): Promise<void> {
  const [source, target] = [endOf(deployed, from), endOf(deployed, to)];
  if (source.sandbox === undefined && target.sandbox === undefined) {
    throw new DiagnosticError({
      code: "COPY_PATH",
      severity: "error",
      summary: `expected SANDBOX:PATH on one side, found two paths of this machine: ${from} and ${to}`,
      nextStep: `Say which one is in a sandbox, such as ${Object.keys(deployed.lab.sandboxes)[0] ?? "web"}:${to}.`,
    });
  }
  const first = await scp(deployed, source, target, options, false);
  const failed = noSftp.test(first.stderr) && first.exitCode !== 0 ? await scp(deployed, source, target, options, true) : first;
  if (failed.exitCode === 0) return;
  options.signal?.throwIfAborted();
  const sandbox = source.sandbox ?? target.sandbox ?? "";
  const refusal = failed.exitCode === 255 ? explainSshFailure(failed.stderr, sandbox) : undefined;
  throw new DiagnosticError(
    refusal ?? {
      code: "COPY_FAILED",
      severity: "error",
      summary: `${from} was not copied to ${to}`,
      detail: failed.stderr.trim(),
      nextStep: /not a regular file|is a directory/i.test(failed.stderr)
        ? "Folders need -r."
        : "Check both paths, and who may read and write there.",
    },
  );
}

function endOf({ lab }: Deployed, text: string): CopyPath {
  const { value, diagnostics } = parseCopyPath(text, Object.keys(lab.sandboxes));
  if (!value) throw new DiagnosticError(diagnostics);
  return value;
}

interface ScpResult {
  readonly exitCode: number | undefined;
  readonly stderr: string;
}

async function scp(
  { sshConfig }: Deployed,
  from: CopyPath,
  to: CopyPath,
  { cwd, recursive, signal }: CopyOptions,
  withoutSftp: boolean,
): Promise<ScpResult> {
  const [program, ...args] = scpCommand({ configFile: sshConfig, batch: true, from: [from], to, recursive, withoutSftp });
  const result = await execa(program, args, {
    cwd,
    stdin: "ignore",
    stdout: "ignore",
    env: { LC_ALL: "C" },
    reject: false,
    ...(signal ? { cancelSignal: signal } : {}),
  });
  if (result.code === "ENOENT") {
    throw new DiagnosticError(
      {
        code: "SSH_MISSING",
        severity: "error",
        summary: 'expected OpenSSH\'s "scp" on PATH, found none',
        nextStep: "Install it: apt-get install openssh-client",
      },
      { cause: result.cause },
    );
  }
  return { exitCode: result.exitCode, stderr: result.stderr };
}
