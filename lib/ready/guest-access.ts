import type { LimitFunction } from "p-limit";
import { runOverSsh, type SshResult } from "../ssh/run-over-ssh.ts";
import { Duration } from "../units/duration.ts";
import { talk, type PortAnswer, type TalkOptions } from "./guest-stream.ts";
import type { ReadyTarget } from "./target.ts";

/** The ways into a guest that waiting uses. */
export interface GuestAccess {
  /** Runs a command in the guest, as text for its login shell. */
  run(command: string, options: { readonly timeout: number; readonly signal: AbortSignal }): Promise<SshResult>;
  /** Connects to a port of the guest from its host's network. */
  talk(address: string, port: number, options: TalkOptions): Promise<PortAnswer>;
}

/**
 * The real ways, with the system's ssh.
 *
 * @param limit how many logins happen at once: each costs a slow host much
 */
export function guestAccess({ sandbox, sshConfigFile, proxyCommand, accelerator }: ReadyTarget, limit: LimitFunction): GuestAccess {
  // An emulated guest that does much else takes seconds for the server's first line.
  const connectTimeout = Duration.seconds(accelerator === "tcg" ? 20 : 8);
  return {
    run: async (command, { timeout, signal }) =>
      await limit(
        async () =>
          await runOverSsh({
            configFile: sshConfigFile,
            sandbox: sandbox.name,
            command,
            batch: true,
            connectTimeout,
            timeout: Duration.milliseconds(Math.max(1, Math.ceil(timeout))),
            signal,
          }),
      ),
    talk: async (address, port, options) => await talk({ address, port, proxyCommand }, options),
  };
}
