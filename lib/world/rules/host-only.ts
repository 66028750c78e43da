import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { Cidr } from "../../units/cidr.ts";
import type { WorldCheck } from "../own-world.ts";
import { blockOf } from "../read/interfaces.ts";

const isHostOnly = (name: string | undefined): boolean => name !== undefined && /^vboxnet\d+$/.test(name);

/**
 * Checks that host-only interfaces of VirtualBox, and networks of the lab on them, are where its networks.conf allows them: it refuses to give an interface another address. Pure.
 */
export function checkHostOnly({ lab, world, networks }: WorldCheck): Diagnostic[] {
  const { host, links, hostOnlyBlocks } = world;
  if (lab.hypervisor !== "virtualbox" || hostOnlyBlocks === undefined) return [];
  const allowed = hostOnlyBlocks.flatMap((block) => Cidr.tryParse(block) ?? []);
  const isAllowed = (block: Cidr): boolean => allowed.some((one) => one.base <= block.base && block.end <= one.end);
  const rule = `VirtualBox allows only ${hostOnlyBlocks.join(", ")}`;
  const ofLab = networks.flatMap(({ name, interface: nic, cidr }): Diagnostic[] => {
    const block = isHostOnly(nic) && cidr !== undefined ? Cidr.tryParse(cidr) : undefined;
    if (block === undefined || isAllowed(block)) return [];
    return [
      {
        code: "HOST_ONLY_RANGE",
        severity: "warning",
        path: ["networks", name, "cidr"],
        summary: `network "${name}" (${cidr}) is on VirtualBox's host-only interface ${nic} of host "${host}", and ${rule} there`,
        nextStep: `Write a \`cidr\` within ${hostOnlyBlocks[0] ?? "an allowed block"}, or add the line \`* ${cidr}\` to /etc/vbox/networks.conf.`,
      },
    ];
  });
  const ofHost = links
    .filter(({ name }) => isHostOnly(name))
    .flatMap(({ name, addresses }): Diagnostic[] => {
      const outside = addresses.find((address) => {
        const block = blockOf(address);
        return block !== undefined && !isAllowed(block);
      });
      if (outside === undefined) return [];
      return [
        {
          code: "HOST_ONLY_RANGE",
          severity: "warning",
          summary: `VirtualBox's host-only interface ${name} on host "${host}" has ${outside}, and ${rule}`,
          nextStep: `Add the line \`* ${blockOf(outside)?.toString()}\` to /etc/vbox/networks.conf, or give ${name} an address in ${hostOnlyBlocks[0] ?? "an allowed block"}.`,
        },
      ];
    });
  return [...ofLab, ...ofHost];
}
