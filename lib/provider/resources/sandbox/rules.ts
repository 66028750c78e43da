import type { Config } from "../../framework/attribute.ts";
import { errorAt, type Problem } from "../../framework/problem.ts";
import { Size } from "../../../units/size.ts";
import { isKnown } from "../../framework/value.ts";
import { sandboxSchema, type SandboxSchema } from "./schema.ts";

/** No MAC and no port twice, no limit below what it limits; what is unknown yet is not judged. Pure. */
export function checkSandbox(config: Config<SandboxSchema>): readonly Problem[] {
  return [...checkMacs(config.nics), ...checkPorts(config.forwards), ...checkLimits(config)];
}

const { default: defaultMemory } = sandboxSchema.memory;

function checkLimits({ cpus, max_cpus: maxCpus, memory, max_memory: maxMemory }: Config<SandboxSchema>): Problem[] {
  const bytes = (text: unknown): number | undefined => (typeof text === "string" ? Size.tryParse(text)?.bytes : undefined);
  const told: Problem[] = [];
  if (typeof maxCpus === "number" && typeof cpus === "number" && maxCpus < cpus)
    told.push(
      errorAt(["max_cpus"], `the sandbox has ${cpus} CPUs, which is above its limit of ${maxCpus}`, "Raise the limit, or lower `cpus`."),
    );
  const [most, now] = [bytes(maxMemory), bytes(memory ?? defaultMemory)];
  if (most !== undefined && now !== undefined && most < now)
    told.push(
      errorAt(
        ["max_memory"],
        `the sandbox has ${Size.bytes(now).toString()} of memory, which is above its limit of ${Size.bytes(most).toString()}`,
        "Raise the limit, or lower `memory`.",
      ),
    );
  return told;
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
