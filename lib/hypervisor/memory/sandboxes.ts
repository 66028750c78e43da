import { randomUUID } from "node:crypto";
import type { SandboxRecord } from "../hypervisor.ts";
import type { Capabilities, ForwardSpec, SandboxSpec } from "../provisioning.ts";
import { sandboxChange } from "../sandbox-change.ts";
import { checkLimits } from "../check-limits.ts";
import { checkBytes, failure, notFound, refuseStranger, unsupported } from "./failure.ts";
import type { MemoryNic, MemorySandbox, MemoryState, Operation, Outcome } from "./memory-state.ts";
import { boot, off, write } from "./power.ts";
import { sandboxRecord } from "./records.ts";

/** Where ports begin that are chosen for a forward. */
const firstPort = 20_000;

export function createSandbox(spec: SandboxSpec, capabilities: Capabilities): Operation<SandboxRecord> {
  return (state) => {
    checkSpec(state, spec, capabilities);
    const found = state.sandboxes.find((sandbox) => sandbox.spec.name === spec.name);
    if (found) {
      refuseStranger("sandbox", spec.name, found.spec.owner, spec.owner);
      return change(state, found, spec, capabilities);
    }
    const id = randomUUID();
    const sandbox: MemorySandbox = {
      id,
      spec: { ...spec, nics: plug(state, spec), forwards: choosePorts(state, id, spec.forwards) },
      state: "off",
      reason: "",
      boots: 0,
      snapshots: [],
    };
    const bare: MemorySandbox = { ...sandbox, spec: { ...sandbox.spec, seed: undefined, nics: [], forwards: [] }, unfinished: true };
    return { half: write(state, bare), ...saved(state, sandbox) };
  };
}

export function updateSandbox(id: string, spec: SandboxSpec, capabilities: Capabilities): Operation<SandboxRecord> {
  return (state) => {
    const found = state.sandboxes.find((sandbox) => sandbox.id === id);
    if (!found) throw notFound("sandbox", id);
    checkSpec(state, spec, capabilities);
    if (sandboxChange({ ...found.spec, owner: spec.owner }, spec, capabilities) === "replace") {
      throw unsupported(
        `the change of sandbox ${JSON.stringify(found.spec.name)}, which makes another sandbox of it`,
        "Remove the sandbox, then create it.",
      );
    }
    return change(state, found, spec, capabilities);
  };
}

/** Cut off in the middle, one that needs a reboot is off and unchanged. */
function change(state: MemoryState, found: MemorySandbox, spec: SandboxSpec, capabilities: Capabilities): Outcome<SandboxRecord> {
  const former: MemorySandbox = { ...found, unfinished: undefined };
  const needs = sandboxChange({ ...former.spec, owner: former.spec.owner ?? spec.owner }, spec, capabilities);
  const kept = former.spec.forwards;
  const changed: MemorySandbox = {
    ...former,
    // It keeps what it was made with.
    spec: {
      ...spec,
      nics: plug(state, spec),
      accelerator: former.spec.accelerator,
      forwards: choosePorts(state, found.id, spec.forwards, kept),
    },
  };
  if (found.state !== "running" || needs === "none" || needs === "live") return saved(state, changed);
  const half = write(state, off(found, "shutdown"));
  return { half, ...saved(state, boot(state, off(changed, "shutdown"))) };
}

function saved(state: MemoryState, sandbox: MemorySandbox): Outcome<SandboxRecord> {
  const next = write(state, sandbox);
  return { state: next, result: sandboxRecord(sandbox) };
}

function checkSpec(state: MemoryState, spec: SandboxSpec, capabilities: Capabilities): void {
  checkBytes(`memory of sandbox ${JSON.stringify(spec.name)}`, spec.memoryBytes);
  if (!Number.isSafeInteger(spec.cpus) || spec.cpus < 1) {
    throw failure(
      "OUT_OF_RANGE",
      `sandbox ${JSON.stringify(spec.name)} must have a whole number of CPUs, got ${spec.cpus}`,
      "Give it at least one CPU.",
    );
  }
  checkLimits(spec, capabilities);
  if (spec.forwards.length > 0 && !capabilities.forwards) {
    throw unsupported("forwarded ports", "Leave out the sandbox's forwards: its address is reached directly.");
  }
  const network = spec.nics.find((nic) => !state.networks.some(({ id }) => id === nic.network));
  if (network) throw notFound("network", network.network);
  const disk = spec.disks.find((id) => !state.disks.some((candidate) => candidate.id === id && !candidate.unfinished));
  if (disk !== undefined)
    throw failure("DISK_MISSING", `sandbox ${JSON.stringify(spec.name)} has disk ${disk}, which is not there`, "Create the disk first.");
  if (spec.seed !== undefined && !state.seeds.some(({ id, unfinished }) => id === spec.seed && !unfinished)) {
    throw failure(
      "DISK_MISSING",
      `sandbox ${JSON.stringify(spec.name)} has seed ${spec.seed}, which is not there`,
      "Create the seed first.",
    );
  }
}

function plug({ networks }: MemoryState, { nics }: SandboxSpec): readonly MemoryNic[] {
  return nics.map((nic) => ({ ...nic, networkName: networks.find(({ id }) => id === nic.network)?.spec.name ?? "" }));
}

/** Gives each forward that asks for any port the one that it had, else the first that is free on the host. */
function choosePorts(
  state: MemoryState,
  sandbox: string,
  wanted: readonly ForwardSpec[],
  kept: readonly ForwardSpec[] = [],
): readonly ForwardSpec[] {
  const key = ({ protocol, hostAddress = "127.0.0.1", hostPort }: ForwardSpec): string => `${protocol} ${hostAddress}:${hostPort}`;
  const others = state.sandboxes.filter(({ id }) => id !== sandbox).flatMap(({ spec }) => spec.forwards);
  const taken = new Set([...others, ...wanted.filter(({ hostPort }) => hostPort !== 0)].map(key));
  const explicit = new Set(others.map(key));
  return wanted.map((forward) => {
    if (forward.hostPort !== 0) {
      if (!explicit.has(key(forward))) return forward;
      throw failure("OBJECT_EXISTS", `another sandbox has port ${key(forward)} of the host`, "Choose another port, or 0 for any.");
    }
    const before = kept.find(({ name, protocol }) => name === forward.name && protocol === forward.protocol);
    let candidate = { ...forward, hostPort: before?.hostPort ?? firstPort };
    while (taken.has(key(candidate))) candidate = { ...candidate, hostPort: candidate.hostPort + 1 };
    taken.add(key(candidate));
    return candidate;
  });
}
