import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { parseIpv4 } from "../../units/ipv4.ts";
import { isOnHost, type Lab, type LabHost, type LabNic } from "../lab.ts";
import type { ForwardDraft } from "../sandbox-forwards.ts";

/** A sandbox as this rule sees it. */
export interface ForwardingSandbox {
  readonly writtenAs: string;
  readonly forwards: readonly ForwardDraft[];
  readonly nics: readonly LabNic[];
  readonly host: LabHost | undefined;
}

/**
 * Checks that somebody can make a sandbox's forwards. The drivers' `capabilities` say the same; here it is told before anything runs, and where it stands.
 *
 * Reports `HYPERVISOR_UNSUPPORTED` for provider libvirt and for hosts that are another machine, `FORWARD_NEEDS_ADDRESS`, and `BAD_FORMAT` for what is no address.
 */
export function checkForwards(
  { writtenAs, forwards, nics, host }: ForwardingSandbox,
  { hypervisor, provider }: Pick<Lab, "hypervisor" | "provider">,
): Diagnostic[] {
  const noun = `sandbox "${writtenAs}"`;
  const isRemote = host?.uri !== undefined && !/^(embedded(:.*)?|[a-z]+(\+unix)?:\/\/\/.*)$/.test(host.uri);
  return forwards.flatMap(({ path, guestPort, address }): Diagnostic[] => {
    const tell = (code: Diagnostic["code"], summary: string, nextStep: string): Diagnostic[] => [
      { code, severity: "error", path, summary: `${noun} ${summary}`, nextStep },
    ];
    if (parseIpv4(address) === undefined)
      return tell(
        "BAD_FORMAT",
        `has a forward on ${JSON.stringify(address)}, which is no IPv4 address`,
        "Write 127.0.0.1, 0.0.0.0 or an address of the host.",
      );
    if (provider === "libvirt")
      return tell(
        "HYPERVISOR_UNSUPPORTED",
        'forwards ports, which provider "libvirt" cannot',
        "Write `provider: terrarium`. Or leave it out: the host itself reaches its sandboxes at their addresses (`terrarium ip`).",
      );
    if (hypervisor === "virtualbox") return [];
    if (isRemote)
      return tell(
        "HYPERVISOR_UNSUPPORTED",
        `forwards ports, and its host is another machine (${host.uri})`,
        `Leave it out, and tunnel: \`ssh -L PORT:ADDRESS:${guestPort} HOST\`.`,
      );
    return nics.some(isOnHost)
      ? []
      : tell(
          "FORWARD_NEEDS_ADDRESS",
          "forwards ports, and no network of ours knows its address",
          "Give it a NIC in a network of mode nat, isolated or routed.",
        );
  });
}
