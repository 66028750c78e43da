import type { Element } from "@xmldom/xmldom";
import { randomBytes } from "node:crypto";
import type { Owner } from "../hypervisor.ts";
import { moveNic } from "./edit-domain.ts";
import { element, serialize, xmlText } from "./element.ts";
import { ownerElement } from "./owner.ts";
import { hasCode, type Virsh } from "./virsh.ts";
import { withXmlFile } from "./xml-file.ts";
import { attribute, children, descend, parseXml } from "./xml.ts";

interface CutOffNic {
  readonly sandbox: string;
  readonly nic: Element;
  readonly mac: string;
  readonly network: string;
}

/**
 * Plugs NICs of running sandboxes in again whose network was stopped under them and runs again: libvirt leaves them without a cable, and takes plugging
 * into the same network for nothing to do. So they go through a network that is there for that moment only. The link goes down and up, so that the guest
 * asks for its address again.
 *
 * @param sandboxes ids; those that do not run are left out
 * @param owner whose the momentary network is: after a kill, `prune` finds it, and the next update moves a NIC that is in it
 */
export async function reconnectNics(virsh: Virsh, sandboxes: readonly string[], owner: Owner): Promise<void> {
  const cutOff = await findCutOff(virsh, sandboxes);
  if (cutOff.length === 0) return;
  const name = `terrarium-${randomBytes(4).toString("hex")}`;
  const momentary = element("network", {}, [
    element("name", {}, [name]),
    element("metadata", {}, [ownerElement(owner)]),
    element("bridge", { name: `trm-${name.slice(-8)}`, stp: "on", delay: 0 }),
  ]);
  await withXmlFile(xmlText(momentary), (file) => virsh.run(["net-create", "--validate", file]));
  try {
    for (const { sandbox, nic, mac, network } of cutOff) {
      for (const target of [name, network]) {
        moveNic(nic, target);
        await withXmlFile(serialize(nic), (file) => virsh.run(["update-device", sandbox, file, "--live"]));
      }
      for (const state of ["down", "up"]) await virsh.run(["domif-setlink", sandbox, mac, state]);
    }
  } catch (error) {
    // A sandbox that stopped meanwhile is plugged in when it starts.
    if (!hasCode(error, "OBJECT_ALREADY_SO", "OBJECT_NOT_FOUND")) throw error;
  } finally {
    await virsh.tryRun(["net-destroy", name], ["OBJECT_NOT_FOUND", "OBJECT_ALREADY_SO"]);
  }
}

/** A NIC has a port of its network, which goes when the network stops. */
async function findCutOff(virsh: Virsh, sandboxes: readonly string[]): Promise<CutOffNic[]> {
  const [running = "", active = "", ...definitions] = await virsh.batch([
    ["list", "--uuid"],
    ["net-list", "--name"],
    ...sandboxes.map((id) => ["dumpxml", id]),
  ]);
  const [runs, started] = [lines(running), lines(active)];
  const nics = definitions.flatMap((xml, index) => {
    const sandbox = sandboxes[index] ?? "";
    return xml.trim() === "" || !runs.has(sandbox) ? [] : plugged(sandbox, parseXml(xml)).filter(({ network }) => started.has(network));
  });
  const networks = [...new Set(nics.map(({ network }) => network))];
  if (networks.length === 0) return [];
  const ports = await virsh.batch(networks.map((network) => ["net-port-list", `--network=${network}`, "--uuid"]));
  const known = new Map(networks.map((network, index) => [network, lines(ports[index] ?? "")]));
  return nics.filter(({ network, port }) => port !== undefined && known.get(network)?.has(port) === false);
}

function plugged(sandbox: string, domain: Element): (CutOffNic & { readonly port?: string })[] {
  return children(descend(domain, "devices"), "interface").flatMap((nic) => {
    const [mac, source] = [attribute(descend(nic, "mac"), "address"), descend(nic, "source")];
    const network = attribute(source, "network");
    return mac === undefined || network === undefined ? [] : [{ sandbox, nic, mac, network, port: attribute(source, "portid") }];
  });
}

const lines = (output: string): ReadonlySet<string> =>
  new Set(
    output
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean),
  );
