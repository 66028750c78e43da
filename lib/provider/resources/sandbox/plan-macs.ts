import { createHash } from "node:crypto";
import { isKnown, unknown, type Unknown } from "../../framework/value.ts";
import type { Config } from "../../framework/attribute.ts";
import type { PlannedSandbox, SandboxSchema, SandboxState } from "./schema.ts";

type PlannedNics = Exclude<PlannedSandbox["nics"], Unknown>;

/**
 * Chooses the MACs of NICs for which the user wrote none: the former one as long as the NIC is in the same network, else one made from deployment, sandbox and a number.
 * Pure, and the same in plan and apply: what an unknown network could change stays unknown.
 */
export function planMacs(
  nics: PlannedNics,
  { config, prior, seed }: { config: Config<SandboxSchema>["nics"]; prior: SandboxState["nics"]; seed: string | undefined },
): PlannedNics {
  const written = (index: number): string | Unknown | null => {
    const entry = config !== null && isKnown(config) ? config[index] : undefined;
    return entry === undefined ? null : isKnown(entry) ? entry.mac : unknown;
  };
  const networks = nics.map((nic) => (isKnown(nic) ? nic.network : unknown));
  const macs: (string | Unknown | null)[] = nics.map((_, index) => written(index));
  const left = new Map(prior.map((nic, index) => [index, nic]));

  // In its place it keeps its MAC, whatever the others do.
  for (const [index, mac] of macs.entries()) {
    const former = prior[index];
    if (former && networks[index] === former.network) {
      left.delete(index);
      if (mac === null) macs[index] = former.mac;
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
  return nics.map((nic, index) => (isKnown(nic) ? { ...nic, mac: macs[index] ?? unknown } : nic));
}

/** `02` and 40 bits of a hash: locally administered, and never met twice by chance. */
function freeMac(seed: string, taken: ReadonlySet<string>): string {
  for (let number = 0; ; number++) {
    const hash = createHash("sha256").update(`${seed} ${number}`).digest();
    const mac = [0x02, ...hash.subarray(0, 5)].map((byte) => byte.toString(16).padStart(2, "0")).join(":");
    if (!taken.has(mac)) return mac;
  }
}
