import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { LabNic, LabSandbox } from "../lab.ts";
import type { Path } from "../path.ts";

/** A NIC as this rule sees it. */
export interface AddressedNic extends Pick<LabNic, "network" | "address" | "addressing"> {
  readonly sandbox: string;
  readonly seed: LabSandbox["seed"];
  /** First and last address that the network reserves. */
  readonly reserved: readonly [string, string];
  readonly path: Path;
}

/** Checks that something gives a sandbox its address: DHCP where it is reserved, else its seed. */
export function checkStaticAddress({ network, address, addressing, sandbox, seed, reserved, path }: AddressedNic): Diagnostic[] {
  if (addressing === "dhcp" || seed !== "none") return [];
  return [
    {
      code: "STATIC_NEEDS_SEED",
      severity: "error",
      path,
      summary: `address ${address} of sandbox "${sandbox}" is not among those that network "${network}" reserves, and without a seed nothing else can give it`,
      nextStep: `Choose one from ${reserved.join(" to ")}, or take \`seed: none\` out.`,
    },
  ];
}
