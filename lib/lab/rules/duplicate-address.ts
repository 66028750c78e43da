import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Path } from "../path.ts";

/** An address that is wanted a second time. */
export interface DuplicateAddress {
  readonly address: string;
  readonly network: string;
  readonly sandbox: string;
  readonly other: string;
  /** The other one has it from the lock, and keeps it. */
  readonly locked: boolean;
  /** The next address that is free, if there is one. */
  readonly free: string | undefined;
  readonly path: Path;
}

/** Says that an address has somebody already. Two NICs of one sandbox count as two. */
export function duplicateAddress({ address, network, sandbox, other, locked, free, path }: DuplicateAddress): Diagnostic {
  const holder = other === sandbox ? "is on another of its NICs" : `is for "${other}"`;
  return {
    code: "DUPLICATE_ADDRESS",
    severity: "error",
    path,
    summary: `address ${address} in network "${network}" is for sandbox "${sandbox}", and it ${holder}${locked ? ", recorded in the lock" : ""}`,
    nextStep: free === undefined ? "Choose another address." : `Choose another address, for example ${free}.`,
  };
}
