import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { WorldCheck } from "../own-world.ts";

/**
 * Checks that the host forwards packets, where networks of the lab lead outside. libvirt switches that on when it starts such a network; so it is off for a reason only if one runs
 * already, or if a file switches it off whenever settings are loaded. Pure.
 */
export function checkForwarding({ lab, world, networks }: WorldCheck): Diagnostic[] {
  const leading = networks.filter(({ mode }) => mode === "nat" || mode === "routed");
  const [first] = leading;
  if (lab.hypervisor !== "kvm" || first === undefined) return [];
  const running =
    networks.find(({ isThere, mode }) => isThere && mode !== "isolated") ??
    world.networks.find(({ active, mode }) => active && (mode === "nat" || mode === "routed"));
  const names = leading.map(({ name }) => `"${name}"`).join(", ");
  const isOff = world.forwarding.ipv4 === false && running !== undefined;
  const [file] = world.forwarding.offIn;
  if (!isOff && file === undefined) return [];
  return [
    {
      code: "FORWARDING_OFF",
      severity: "warning",
      path: ["networks", first.name],
      summary: isOff
        ? `host "${world.host}" forwards nothing (net.ipv4.ip_forward is 0), so that sandboxes in ${names} do not reach the outside`
        : `${file} switches net.ipv4.ip_forward off whenever settings are loaded; from then on sandboxes in ${names} do not reach the outside`,
      nextStep:
        file === undefined
          ? "Run: sudo sysctl -w net.ipv4.ip_forward=1"
          : `Change that line in ${file} to 1, and run: sudo sysctl --system`,
    },
  ];
}
