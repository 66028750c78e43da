import { entryOf } from "../entry-of.ts";
import type { ImageSource } from "../lab.ts";
import type { Attachment, WrittenLab } from "../written-lab.ts";
import { keptFormer, type LabLock } from "./lab-lock.ts";

/** One thing that the lock says, and why it says so. */
export interface LockReason {
  /** `network front`, `sandbox web in front` … */
  readonly what: string;
  readonly value: string;
  readonly why: string;
}

/**
 * Why a lock says what it says: what was written in the lab, what stayed from before, what was planned now. Pure.
 *
 * @param before the lock as it was @default - there was none
 * @param after what it says now
 */
export function explainLock(written: WrittenLab, before: LabLock | undefined, after: LabLock): LockReason[] {
  return [
    ...engine(written, before, after),
    ...images(written, before, after),
    ...networks(written, before, after),
    ...sandboxes(written, before, after),
    ...forwards(written, before, after),
    ...former(after),
  ];
}

const kept = "from the lock: nobody moves";

function engine(written: WrittenLab, before: LabLock | undefined, after: LabLock): LockReason[] {
  return (["hypervisor", "provider"] as const).map((key) => ({
    what: key,
    value: after[key],
    why: written[key] !== undefined ? "written in the lab" : before?.[key] === after[key] ? kept : "the default",
  }));
}

function images({ images: written = {} }: WrittenLab, before: LabLock | undefined, after: LabLock): LockReason[] {
  return Object.entries(after.images).map(([name, { source, digest }]) => {
    const had = entryOf(before?.images, name)?.digest === digest;
    const why = entryOf(written, name)?.sha256 !== undefined ? "the checksum written in the lab" : reasons[source.kind](had);
    return { what: `image ${name}`, value: `${digest.slice(0, 12)}…`, why };
  });
}

const reasons: Readonly<Record<ImageSource["kind"], (had: boolean) => string>> = {
  bootstrap: (had) => (had ? "the recipe's hash, from the lock: a new release of Terrarium rebuilds nobody" : "the hash of the recipe"),
  path: (had) => (had ? "the file, which is as it was" : "the file, as it was read now"),
  url: () => "the checksum written in the lab",
};

function networks({ networks: written = {} }: WrittenLab, before: LabLock | undefined, after: LabLock): LockReason[] {
  return Object.entries(after.networks).flatMap(([name, { own, cidr, reserve, bridge }]): LockReason[] => {
    const had = entryOf(before?.networks, name);
    const { cidr: block, reserve: places } = own ? {} : (entryOf(written, name) ?? {});
    const what = own ? `own network of ${name}` : `network ${name}`;
    const planned = "planned: the first free block from where the names of lab and network point to";
    return [
      { what, value: cidr, why: block !== undefined ? "written in the lab" : had?.cidr === cidr ? kept : planned },
      { what: `${what}: bridge`, value: bridge, why: had?.bridge === bridge ? kept : "planned from the names of lab and network" },
      ...(own ? [] : [{ what: `${what}: reserve`, value: String(reserve), why: reserveReason(places, had?.reserve, reserve) }]),
    ];
  });
}

function reserveReason(written: unknown, had: number | undefined, now: number): string {
  if (written === now) return "written in the lab";
  if (had === now) return kept;
  return had === undefined ? "as many as are needed, 32 at least" : `grown from ${had}, for all the sandboxes in it`;
}

function sandboxes(written: WrittenLab, before: LabLock | undefined, after: LabLock): LockReason[] {
  return Object.entries(after.sandboxes).flatMap(([name, { addresses }]) =>
    Object.entries(addresses).flatMap(([network, list]) =>
      list.map((value, index): LockReason => {
        const had = entryOf(entryOf(before?.sandboxes, name)?.addresses, network)?.[index];
        const formerly = entryOf(entryOf(before?.former, name)?.addresses, network)?.[index];
        const why = isWritten(written, value)
          ? "written in the lab"
          : had === value
            ? kept
            : formerly === value
              ? "its own from before it was removed"
              : had === undefined
                ? "planned: the first free address from where the names point to"
                : entryOf(before?.networks, network)?.cidr === after.networks[network]?.cidr
                  ? `planned anew: it was ${had}, which somebody else has now`
                  : `moved with its network: it was ${had}`;
        return { what: `sandbox ${name} in ${network}`, value, why };
      }),
    ),
  );
}

function forwards({ sandboxes: all, profiles = {} }: WrittenLab, before: LabLock | undefined, after: LabLock): LockReason[] {
  const written = new Set(
    [...Object.values(all), ...Object.values(profiles)].flatMap(({ forward = [] }) => forward.map(({ host }) => host)),
  );
  return Object.entries(after.sandboxes).flatMap(([name, { forwards: ports = {} }]) =>
    Object.entries(ports).map(([forward, port]) => {
      const had = entryOf(entryOf(before?.sandboxes, name)?.forwards, forward);
      const why = written.has(port)
        ? "written in the lab"
        : had === port
          ? kept
          : "planned: the first free port from where the names of lab, sandbox and forward point to";
      return { what: `forward ${forward} of ${name}`, value: String(port), why };
    }),
  );
}

/** True if a NIC has this address from the lab's text. Values of `forEach` count, too. */
function isWritten({ sandboxes: all, profiles = {} }: WrittenLab, address: string): boolean {
  const attachments = [...Object.values(all), ...Object.values(profiles)].flatMap(({ networks: list = [] }) => list);
  const named = attachments.some((one: Attachment) => typeof one !== "string" && (one.ip === address || one.ips?.includes(address)));
  return named || Object.values(all).some(({ forEach }) => forEach !== undefined && JSON.stringify(forEach).includes(`"${address}"`));
}

function former({ former: gone = {} }: LabLock): LockReason[] {
  return Object.entries(gone).flatMap(([name, { addresses }]) =>
    Object.entries(addresses).map(([network, list]) => ({
      what: `former sandbox ${name} in ${network}`,
      value: list.join(" "),
      why: `given to nobody else until ${keptFormer} others were removed, or the network is full`,
    })),
  );
}
