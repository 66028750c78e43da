import type { Config } from "../../framework/attribute.ts";
import { errorAt, type Problem } from "../../framework/problem.ts";
import { isKnown } from "../../framework/value.ts";
import type { SandboxSchema } from "./schema.ts";

/** No MAC and no port twice; what is unknown yet is not judged. Pure. */
export function checkSandbox({ nics, forwards }: Config<SandboxSchema>): readonly Problem[] {
  return [...checkMacs(nics), ...checkPorts(forwards)];
}

function checkMacs(nics: Config<SandboxSchema>["nics"]): Problem[] {
  if (nics === null || !isKnown(nics)) return [];
  const macs = nics.map((nic) => (isKnown(nic) && typeof nic.mac === "string" ? nic.mac : undefined));
  return macs.flatMap((mac, index) =>
    mac !== undefined && macs.indexOf(mac) < index
      ? [errorAt(["nics", index, "mac"], `another network card of the sandbox has ${mac}`, "Give each a MAC of its own, or leave it out.")]
      : [],
  );
}

function checkPorts(forwards: Config<SandboxSchema>["forwards"]): Problem[] {
  if (forwards === null || !isKnown(forwards)) return [];
  const taken = new Map<string, string>();
  return Object.entries(forwards).flatMap(([name, forward]) => {
    if (!isKnown(forward) || typeof forward.host_port !== "number") return [];
    const { protocol, host_address: address } = forward;
    if ((protocol !== null && !isKnown(protocol)) || (address !== null && !isKnown(address))) return [];
    const port = `${address ?? "127.0.0.1"}:${forward.host_port}/${protocol ?? "tcp"}`;
    const other = taken.get(port);
    if (other === undefined) taken.set(port, name);
    return other === undefined
      ? []
      : [
          errorAt(
            ["forwards", name, "host_port"],
            `forward ${JSON.stringify(other)} has ${port} already`,
            "Choose another port, or leave it out.",
          ),
        ];
  });
}
