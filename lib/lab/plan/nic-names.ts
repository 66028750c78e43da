/** The kernel's limit. */
const longestName = 15;

/** A NIC that wants a name. */
interface NamedNic {
  readonly network: string;
  readonly own?: boolean;
  readonly guest?: { readonly vlans?: readonly { readonly id: number }[] };
}

/** A sandbox with a network of its own has just one NIC. */
const ownNicName = "net0";

/**
 * Names that would be trouble in a guest: the kernel's and udev's own (renaming to one of them races with another NIC of that name), those that
 * sysctl and ip give another meaning, and mere numbers, which systemd refuses.
 */
const reserved =
  /^(lo|all|default|\d+|(eth|wlan|wwan|ib|usb|bond|team|dummy|tun|tap|br|virbr|veth|vlan|sit|docker|lxc)\d+|(en|wl|ww|sl|ib)[opsxvacdbuit]\d.*)$/;

/**
 * Names of a sandbox's NICs in the guest, in order: the network's name cut to 12 characters, and a number where a NIC before it has that name.
 * At most 15 characters, unique in the sandbox. The NIC of an own network is `net0`. The name of one with VLANs leaves room for `.<id>`.
 *
 * @example nicNames([{ network: "front" }, { network: "front" }, { network: "eth0" }]) // ["front", "front2", "net-eth0"]
 */
export function nicNames(nics: readonly NamedNic[]): string[] {
  const taken = new Set<string>();
  return nics.map(({ network, own, guest }) => {
    const ids = guest?.vlans?.map(({ id }) => String(id).length) ?? [];
    const longest = ids.length === 0 ? longestName : longestName - 1 - Math.max(...ids);
    const base = (own ? ownNicName : readableName(network)).slice(0, longest).replace(/-+$/, "");
    let name = base;
    for (let number = 2; taken.has(name); number++) name = `${base.slice(0, longest - String(number).length)}${number}`;
    taken.add(name);
    return name;
  });
}

function readableName(network: string): string {
  const cut = network.slice(0, 12).replace(/-+$/, "");
  return reserved.test(cut) ? `net-${cut}`.slice(0, 12).replace(/-+$/, "") : cut;
}
