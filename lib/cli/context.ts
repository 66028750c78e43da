import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** A stream to write to; what `process.stdout` and a test's buffer have in common. */
export interface TextStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** The world as a command sees it. */
export interface CommandContext {
  /** Absolute path that relative paths start from. */
  readonly cwd: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: TextStream;
  readonly stderr: TextStream;
}

/** Options that every command has. */
export interface CommonOptions {
  /** Lab file. Default: `lab.yaml` in the working directory. */
  readonly file?: string;
  /** One JSON document on stdout. */
  readonly json?: boolean;
  readonly color?: boolean;
  readonly var?: readonly string[];
  readonly varFile?: readonly string[];
  /** Name of a second copy of the lab. */
  readonly instance?: string;
}

/** What a command came to. `lib/cli` shows the diagnostics and the result, and exits. */
export interface CommandResult {
  readonly exitCode: ExitCode;
  readonly diagnostics?: readonly Diagnostic[];
  /** For stdout, as it is. */
  readonly text?: string;
  /** For stdout with `--json`. */
  readonly document?: unknown;
  /** True: `text` is JSON in somebody else's form (Terraform's, JSON Schema's), which `--json` prints as it is; diagnostics then go to stderr. */
  readonly foreignForm?: boolean;
}

export const exitCodes = { done: 0, error: 1, changes: 2, notReady: 3, denied: 4, interrupted: 130 } as const;
export type ExitCode = number;
