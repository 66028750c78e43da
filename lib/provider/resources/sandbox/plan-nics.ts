import { createHash } from "node:crypto";
import { isKnown, unknown, type Unknown } from "../../framework/value.ts";
import type { Config } from "../../framework/attribute.ts";
import type { PlannedSandbox, SandboxSchema, SandboxState } from "./schema.ts";

type PlannedNics = Exclude<PlannedSandbox["nics"], Unknown>;

interface NicsPlan {
  readonly config: Config<SandboxSchema>["nics"];
  readonly prior: SandboxState["nics"];
  /** What MACs are made from; undefined while it is not known. */
  readonly seed: string | undefined;
}

/**
 * Chooses what the user left out of the NICs: a MAC, the former one as long as the NIC is in the same network, else one made from deployment, sandbox and a number; and
 * the address that the NIC had, so that an import, which finds it in the network's reservation, is no change.
 *
 * Pure, and the same in plan and apply: what an unknown network could change stays unknown.
 */
export function planNics(nics: PlannedNics, { config, prior, seed }: NicsPlan): PlannedNics {
  const written = (index: number, name: "mac" | "address"): string | Unknown | null => {
    const entry = config !== null && isKnown(config) ? config[index] : undefined;
    return entry === undefined ? null : isKnown(entry) ? entry[name] : unknown;
  };
  const macs = planMacs(nics, written, prior, seed);
  return nics.map((nic, index) => {
    if (!isKnown(nic)) return nic;
    const mac = macs[index] ?? unknown;
    const former = prior.find((candidate) => candidate.mac === mac && candidate.network === nic.network);
    const open = prior.length > 0 && !(isKnown(mac) && isKnown(nic.network));
    const address = written(index, "address") ?? (open ? unknown : (former?.address ?? null));
    return { ...nic, mac, address };
  });
}

function planMacs(
  nics: PlannedNics,
  written: (index: number, name: "mac") => string | Unknown | null,
  prior: SandboxState["nics"],
  seed: string | undefined,
): (string | Unknown | null)[] {
  const networks = nics.map((nic) => (isKnown(nic) ? nic.network : unknown));
  const macs: (string | Unknown | null)[] = nics.map((_, index) => written(index, "mac"));
  const left = new Map(prior.map((nic, index) => [index, nic]));

  // In its place it keeps its MAC, whatever the others do.
  for (const [index, mac] of macs.entries()) {
    const former = prior[index];
    if (former && networks[index] === former.network) {
      left.delete(index);
      if (mac === null && !nics.some((_, other) => written(other, "mac") === former.mac)) macs[index] = former.mac;
    }
  }
  // Where some network is unknown, any of the former NICs may turn out to be that one: nobody else can have its MAC yet.
  const certain = prior.length === 0 || networks.every(isKnown);
  if (certain) {
    for (const [index, mac] of macs.entries()) {
      const moved = mac === null ? [...left].find(([, nic]) => nic.network === networks[index]) : undefined;
      if (!moved) continue;
      left.delete(moved[0]);
      macs[index] = moved[1].mac;
    }
  }
  const taken = new Set([...macs, ...prior.map(({ mac }) => mac)].filter((mac) => typeof mac === "string"));
  for (const [index, mac] of macs.entries()) {
    if (mac !== null) continue;
    const made = certain && seed !== undefined ? freeMac(seed, taken) : unknown;
    macs[index] = made;
    if (isKnown(made)) taken.add(made);
  }
  return macs;
}

/** `02` and 40 bits of a hash: locally administered, and never met twice by chance. */
function freeMac(seed: string, taken: ReadonlySet<string>): string {
  for (let number = 0; ; number++) {
    const hash = createHash("sha256").update(`${seed} ${number}`).digest();
    const mac = [0x02, ...hash.subarray(0, 5)].map((byte) => byte.toString(16).padStart(2, "0")).join(":");
    if (!taken.has(mac)) return mac;
  }
}
