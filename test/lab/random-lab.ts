import * as fc from "fast-check";
import type { Attachment, WrittenLab, WrittenNetwork, WrittenSandbox } from "../../lib/lab/written-lab.ts";

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,3}(-[a-z0-9]{1,12})?$/);

interface Size {
  readonly networks: number;
  readonly sandboxes: number;
}

/** Labs without errors: networks with and without a block, sandboxes with several NICs, counted ones, and ones with a network of their own. */
export function randomLab({ networks, sandboxes }: Size): fc.Arbitrary<WrittenLab> {
  return fc
    .record({
      lab: name,
      networks: fc.uniqueArray(name, { minLength: 0, maxLength: networks }),
      blocks: fc.array(fc.option(fc.nat(255), { freq: 3 }), { minLength: networks, maxLength: networks }),
      sandboxes: fc.uniqueArray(name, { minLength: 1, maxLength: sandboxes }),
      choices: fc.array(fc.array(fc.nat(999), { maxLength: 3 }), { minLength: sandboxes, maxLength: sandboxes }),
      counts: fc.array(fc.option(fc.nat(4), { freq: 3 }), { minLength: sandboxes, maxLength: sandboxes }),
    })
    .map((drawn) => {
      const declared = drawn.networks.map((network, index): [string, WrittenNetwork] => [
        `n-${network}`,
        writtenNetwork(drawn.blocks[index], index),
      ]);
      const written = drawn.sandboxes.map((sandbox, index): [string, WrittenSandbox] => {
        const count = drawn.counts[index] ?? undefined;
        const attachments = (drawn.choices[index] ?? []).flatMap((choice): Attachment[] => {
          const network = declared[choice % Math.max(1, declared.length)]?.[0];
          return network === undefined ? [] : [network];
        });
        return [`s${sandbox}x`, { ...(count !== undefined && { count }), ...(attachments.length > 0 && { networks: attachments }) }];
      });
      return {
        lab: drawn.lab,
        images: { base: { bootstrap: { suite: "bookworm" } } },
        defaults: { image: "base" },
        networks: Object.fromEntries(declared),
        sandboxes: Object.fromEntries(written),
      };
    });
}

function writtenNetwork(block: number | null | undefined, index: number): WrittenNetwork {
  return block === null || block === undefined ? {} : { cidr: `10.${index}.${block}.0/24` };
}

const reversed = <T>(map: { [key: string]: T }): { [key: string]: T } => Object.fromEntries(Object.entries(map).reverse());

/** The same lab with its keys in another order. */
export function inOtherOrder(lab: WrittenLab): WrittenLab {
  return { ...lab, networks: reversed(lab.networks ?? {}), sandboxes: reversed(lab.sandboxes) };
}
