import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { Cidr } from "../../units/cidr.ts";
import { blockOf } from "../read/interfaces.ts";
import type { World } from "../world.ts";

/** Checks that VirtualBox's host-only interfaces are where its networks.conf allows them: otherwise it refuses to give them an address again. Pure. */
export function checkHostOnly({ host, links, hostOnlyBlocks }: World): Diagnostic[] {
  if (hostOnlyBlocks === undefined) return [];
  const allowed = hostOnlyBlocks.flatMap((block) => Cidr.tryParse(block) ?? []);
  return links
    .filter(({ name }) => /^vboxnet\d+$/.test(name))
    .flatMap(({ name, addresses }): Diagnostic[] => {
      const outside = addresses.find((address) => {
        const block = blockOf(address);
        return block !== undefined && !allowed.some((one) => one.base <= block.base && block.end <= one.end);
      });
      if (outside === undefined) return [];
      return [
        {
          code: "HOST_ONLY_RANGE",
          severity: "warning",
          summary: `VirtualBox's host-only interface ${name} on host "${host}" has ${outside}, and VirtualBox allows only ${hostOnlyBlocks.join(", ")}`,
          nextStep: `Add the line \`* ${blockOf(outside)?.toString()}\` to /etc/vbox/networks.conf, or give ${name} an address in ${hostOnlyBlocks[0] ?? "an allowed block"}.`,
        },
      ];
    });
}
