import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { LabNic, LabSandbox } from "../lab.ts";
import type { Path } from "../path.ts";

/** A NIC as this rule sees it. */
export interface AddressedNic extends Pick<LabNic, "network" | "address" | "addressing"> {
  readonly sandbox: string;
  readonly seed: LabSandbox["seed"];
  /** First and last address that the network reserves. */
  readonly reserved: readonly [string, string];
  /** It has a MAC of its own, which keeps it from the reserved address. @default false */
  readonly ownMac?: boolean;
  readonly path: Path;
}

/** Checks that something gives a sandbox its address: DHCP where it is reserved, else its seed. */
export function checkStaticAddress({
  network,
  address,
  addressing,
  sandbox,
  seed,
  reserved,
  ownMac = false,
  path,
}: AddressedNic): Diagnostic[] {
  if (addressing === "dhcp" || seed !== "none") return [];
  if (ownMac) {
    return [
      {
        code: "STATIC_NEEDS_SEED",
        severity: "error",
        path,
        summary: `sandbox "${sandbox}" has a MAC of its own, for which network "${network}" reserves nothing under provider "libvirt", and without a seed nothing else can give it ${address}`,
        nextStep: "Write `provider: terrarium`, leave the MAC out, or take `seed: none` out.",
      },
    ];
  }
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
