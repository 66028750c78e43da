import type { Path } from "../lab/path.ts";
import type { LabNic, LabSandbox } from "../lab/lab.ts";
import { change, same, type Difference } from "./difference.ts";

/** Keys that are told by name only: their values follow from the network, or are nobody's words. */
const settings = [
  ...["mac", "name", "prefix", "addressing", "gateway", "defaultRoute", "nameserver", "domain"],
  ...["nameservers", "search", "routes", "mtu", "ipv6", "vlans"],
] as (keyof LabNic)[];

/** What is different about a sandbox's NICs. A NIC is known by its network, and by its position among those in the same network. */
export function nicDifferences(before: LabSandbox, after: LabSandbox): Difference[] {
  const path: Path = ["sandboxes", after.writtenAs, "networks"];
  const [old, current] = [byNetwork(before), byNetwork(after)];
  const told: Difference[] = [];
  const tell = (text: string, concerns: Difference["concerns"]): void => void told.push({ text, path, concerns });

  for (const [key, nic] of old) if (!current.has(key)) tell(`${called(nic, before)} removed`, ["domain", "seed"]);
  for (const [key, nic] of current) {
    const was = old.get(key);
    if (was) tellSettings(was, nic, called(nic, after), tell);
    else tell(`${called(nic, after)} added`, ["domain", "seed"]);
  }
  if (told.length === 0 && !same([...old.keys()], [...current.keys()])) tell("order of networks", ["domain", "seed"]);
  return told;
}

function tellSettings(was: LabNic, nic: LabNic, name: string, tell: (text: string, concerns: Difference["concerns"]) => void): void {
  if (was.address !== nic.address) tell(`address in ${name} ${change(was.address ?? "none", nic.address ?? "none")}`, ["domain", "seed"]);
  // A MAC is a function of the address, so it would say the same again.
  const changed = settings.filter((key) => !same(was[key], nic[key]) && !(key === "mac" && was.address !== nic.address));
  if (changed.length > 0) tell(`settings in ${name}: ${changed.join(", ")}`, changed.includes("mac") ? ["domain", "seed"] : ["seed"]);
}

function called({ network }: LabNic, { name }: LabSandbox): string {
  return network === name ? "its own network" : `network ${network}`;
}

function byNetwork({ nics }: LabSandbox): Map<string, LabNic> {
  const found = new Map<string, LabNic>();
  for (const nic of nics) {
    let position = 1;
    while (found.has(`${nic.network} ${position}`)) position += 1;
    found.set(`${nic.network} ${position}`, nic);
  }
  return found;
}
