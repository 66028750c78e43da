import type { DiagnosticCode } from "../../lib/diagnostics/codes.ts";
import type { Clock } from "../../lib/ready/clock.ts";
import type { GuestAccess } from "../../lib/ready/guest-access.ts";
import type { PortAnswer } from "../../lib/ready/guest-stream.ts";
import type { SshResult } from "../../lib/ssh/run-over-ssh.ts";

export interface GuestScript {
  /** What a command over ssh gives: its output, an exit code, or a code of ssh's failure. @default - every login works, without output */
  readonly run?: (
    command: string,
    seconds: number,
  ) => { readonly exitCode?: number; readonly stdout?: string; readonly failure?: DiagnosticCode };
  /** @default - every port refuses */
  readonly talk?: (port: number, seconds: number) => PortAnswer;
}

/** The ways into a guest that follows a script. */
export function scriptedGuest(clock: Clock, { run, talk }: GuestScript = {}): GuestAccess {
  return {
    run: (command) => {
      const { exitCode = 0, stdout = "", failure } = run?.(command, clock.now() / 1000) ?? {};
      const result: SshResult = { exitCode: failure ? undefined : exitCode, stdout, stderr: "", timedOut: false, canceled: false };
      if (!failure) return Promise.resolve(result);
      return Promise.resolve({
        ...result,
        failure: { code: failure, severity: "error" as const, summary: `ssh says ${failure}`, nextStep: "See ssh." },
      });
    },
    talk: (_address, port) => Promise.resolve(talk?.(port, clock.now() / 1000) ?? { kind: "refused" }),
  };
}
