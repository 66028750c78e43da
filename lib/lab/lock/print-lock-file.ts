import type { ImageSource } from "../lab.ts";
import type { LabLock, LockedImage, LockedNetwork, LockFile } from "./lab-lock.ts";

const header = `# Written by Terrarium: what was decided for each lab, so that nobody moves. Check it in with the lab; do not edit it.
# After a merge conflict, run \`terrarium lock\`.
`;

/**
 * The text of `terrarium.lock.yaml`: sorted, one line for each host, image, network and sandbox, so that a change to one of them changes one line and two
 * branches rarely meet. Equal locks give equal bytes; `parseLockFile` reads it back.
 */
export function printLockFile({ version, labs }: LockFile): string {
  const names = Object.keys(labs).sort();
  const entries = names.map((name) => `  ${scalar(name)}:\n${printLab(labs[name] as LabLock)}`);
  return `${header}version: ${version}\n${names.length === 0 ? "labs: {}\n" : `labs:\n${entries.join("")}`}`;
}

function printLab({ planner, hypervisor, provider, hosts, images, networks, sandboxes, former }: LabLock): string {
  return [
    `    planner: ${planner}\n    hypervisor: ${scalar(hypervisor)}\n    provider: ${scalar(provider)}\n`,
    section("hosts", hosts, ({ uri }) => ({ uri })),
    section("images", images, printableImage),
    section("networks", networks, printableNetwork),
    section("sandboxes", sandboxes, ({ addresses, forwards }) => ({ addresses, forwards })),
    former ? section("former", former, ({ removed, addresses }) => ({ removed, addresses })) : "",
  ].join("");
}

function section<T>(name: string, entries: Readonly<Record<string, T>>, printable: (entry: T) => object): string {
  const keys = Object.keys(entries).sort();
  if (keys.length === 0) return `    ${name}: {}\n`;
  return `    ${name}:\n${keys.map((key) => `      ${scalar(key)}: ${flow(printable(entries[key] as T))}\n`).join("")}`;
}

function printableImage({ source, digest, size }: LockedImage): object {
  return { ...printableSource(source), digest, size };
}

function printableSource(source: ImageSource): object {
  if (source.kind === "path") return { path: source.path };
  if (source.kind === "url") return { url: source.url };
  const { distribution, suite, packages, mirror } = source;
  return { bootstrap: { distribution, suite, packages, mirror } };
}

function printableNetwork({ own, cidr, reserve, bridge, macPrefix }: LockedNetwork): object {
  return { own: own || undefined, cidr, reserve, bridge, macPrefix };
}

/** YAML's one-line form; keys in the order given, those of `addresses` sorted by who made the lock. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value !== "object" || value === null) return typeof value === "string" ? scalar(value) : String(value);
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  if (entries.length === 0) return "{}";
  return `{ ${entries.map(([key, entry]) => `${scalar(key)}: ${flow(entry)}`).join(", ")} }`;
}

const plain = /^([a-z][a-z0-9._/-]*|\d+\.\d+\.\d+\.\d+(\/\d+)?)$/i;
/** Words that some YAML reader takes for something else than text. */
const words = /^(true|false|yes|no|on|off|y|n|null|e\d+)$/i;

/** A text as YAML 1.1 and 1.2 read it alike: without quotes only where no reader could take it for anything else. */
function scalar(text: string): string {
  return plain.test(text) && !words.test(text) ? text : JSON.stringify(text);
}
