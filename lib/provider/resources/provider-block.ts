import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { digestOfFile } from "../../images/file-digest.ts";
import { attribute, type Config, type Validator } from "../framework/attribute.ts";
import { isKnown, type Unknown } from "../framework/value.ts";
import type { Client, OpenHost } from "./client.ts";
import { cacheDirectory, driverRules, openHost, type HypervisorKind } from "./open-host.ts";
import { label, oneOf } from "./validators.ts";

const deploymentId: Validator<string> = (text) =>
  /^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/.test(text)
    ? undefined
    : `expected 1 to 64 lower-case letters, digits and hyphens, got ${JSON.stringify(text)}`;

/** Attributes of the `provider` block. */
export const providerSchema = {
  hypervisor: attribute.string({
    optional: true,
    description:
      "Which hypervisor runs the sandboxes: `kvm` or `virtualbox`; `memory` keeps everything in a JSON file and is for tests. Default: what the environment variable `HYPERVISOR` names (`kvm` or `vbox`), else `kvm`.",
    validate: [oneOf("kvm", "virtualbox", "memory")],
  }),
  uri: attribute.string({
    optional: true,
    description:
      "Where the host is. For `kvm` any libvirt URI (`qemu:///system`, `qemu+ssh://USER@MACHINE/system`) or `embedded`, a libvirtd of Terrarium's own on this machine (root only). For `memory` a file (`file:///tmp/host.json`). Default: this machine's libvirtd if it answers, else `embedded`.",
  }),
  lab: attribute.string({
    required: true,
    description: "Name of the lab: a DNS label, and the prefix of every network's and sandbox's name on the host.",
    validate: [label],
  }),
  deployment: attribute.string({
    required: true,
    description:
      "Id of this deployment, lower-case letters, digits and hyphens. It is kept in every object's metadata and tells ours from strangers': make it once (`terraform_data`, `random_id`) and never change it. It may be unknown in a first plan.",
    validate: [deploymentId],
  }),
  host: attribute.string({
    optional: true,
    description: "The host's name in the lab, a DNS label of at most 24 characters; an embedded host is called so. Default: `local`.",
    validate: [label],
  }),
  accelerator: attribute.string({
    optional: true,
    description:
      "How new sandboxes run: `hardware` (the host's CPU) or `emulation` (5 to 10 times slower, works everywhere). Default: a small guest is tried on the host, once per boot of the machine.",
    validate: [oneOf("hardware", "emulation")],
  }),
};

type Block = Config<typeof providerSchema>;

/**
 * Makes a client of a provider block. Connects to nothing yet.
 *
 * @param env for HYPERVISOR
 * @param directory where relative paths start @default - where this process runs
 * @throws DiagnosticError HYPERVISOR_UNSUPPORTED, HOST_URI_INVALID
 */
export function makeClient(block: Block, env: Readonly<NodeJS.ProcessEnv>, directory?: string): Client {
  const fileAt = (path: string): string => resolve(directory ?? process.cwd(), path);
  const kind = isKnown(block.hypervisor) ? ((block.hypervisor as HypervisorKind | null) ?? hypervisorFrom(env)) : undefined;
  const uri = isKnown(block.uri) ? (block.uri ?? undefined) : undefined;
  const known = kind !== undefined && [block.uri, block.host, block.accelerator].every(isKnown);
  let connected: ReturnType<typeof openHost> | undefined;
  const connect = async (): Promise<OpenHost> => {
    if (!known) throw new Error("Expected the provider block to be known when its host is used");
    connected ??= openHost({
      kind,
      uri,
      name: orUndefined(block.host) ?? "local",
      accelerator: orUndefined(block.accelerator) as "hardware" | "emulation" | undefined,
    });
    try {
      return await connected;
    } catch (error) {
      connected = undefined;
      throw error;
    }
  };
  return {
    rules: kind === undefined ? undefined : driverRules(kind, uri),
    lab: orUndefined(block.lab),
    deployment: orUndefined(block.deployment),
    canOpen: known,
    open: connect,
    fileAt,
    digestOf: (file) => digestOf(fileAt(file)),
  };
}

function orUndefined(value: string | Unknown | null): string | undefined {
  return isKnown(value) && value !== null ? value : undefined;
}

function hypervisorFrom({ HYPERVISOR: name }: Readonly<NodeJS.ProcessEnv>): HypervisorKind {
  if (name === undefined || name === "" || name === "kvm") return "kvm";
  if (name === "vbox") return "virtualbox";
  throw new DiagnosticError({
    code: "HYPERVISOR_UNSUPPORTED",
    severity: "error",
    summary: `the environment variable HYPERVISOR asks for ${JSON.stringify(name)}, expected "kvm" or "vbox"`,
    nextStep: "Set HYPERVISOR to kvm or vbox, unset it, or name the hypervisor in the provider block.",
  });
}

/** Remembered as long as the file does not change: a plan must not read gigabytes each time. */
async function digestOf(path: string): Promise<string | undefined> {
  const there = await stat(path).then(
    (found) => found.isFile(),
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return false;
      throw error;
    },
  );
  return there ? await digestOfFile(path, { cacheDirectory: cacheDirectory() }) : undefined;
}
