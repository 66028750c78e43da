import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { Cidr } from "../../units/cidr.ts";
import { parseIpv4 } from "../../units/ipv4.ts";
import type { ImageSource } from "../lab.ts";
import {
  lockFormat,
  plannerVersion,
  type LabLock,
  type LockedImage,
  type LockedNetwork,
  type LockedSandbox,
  type LockFile,
} from "./lab-lock.ts";

/** A value of the file, and where it stands. */
interface Part {
  readonly value: unknown;
  readonly path: string;
}

/** Stops reading at the first thing that is not as we write it; never leaves this file. */
class Unreadable extends Error {}

/**
 * Reads the value of a lock file.
 *
 * @returns undefined after a diagnostic
 */
export function readLockValue(value: unknown, file: string, nextStep: string, diagnostics: Diagnostic[]): LockFile | undefined {
  try {
    const top = mapOf({ value, path: "" });
    const newer = newerVersion(top);
    if (newer !== undefined) {
      diagnostics.push({
        code: "LOCK_TOO_NEW",
        severity: "error",
        summary: `${file} was written by a newer Terrarium (${newer})`,
        nextStep: "Update Terrarium to the version that your colleagues use.",
      });
      return undefined;
    }
    if (top.get("version")?.value !== lockFormat) fail({ value: top.get("version")?.value, path: "version" }, `${lockFormat}`);
    return { version: lockFormat, labs: eachOf(need(top, "labs", ""), readLab) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    diagnostics.push({ code: "LOCK_SYNTAX", severity: "error", summary: `${file}: ${error.message}`, nextStep });
    return undefined;
  }
}

function newerVersion(top: ReadonlyMap<string, Part>): string | undefined {
  const version = top.get("version")?.value;
  if (typeof version === "number" && version > lockFormat) return `format ${version}, this version reads ${lockFormat}`;
  const labs = top.get("labs")?.value;
  if (typeof labs !== "object" || labs === null) return undefined;
  for (const lab of Object.values(labs) as unknown[]) {
    const planner = typeof lab === "object" && lab !== null && "planner" in lab ? lab.planner : undefined;
    if (typeof planner === "number" && planner > plannerVersion) return `planner ${planner}, this version has ${plannerVersion}`;
  }
  return undefined;
}

function readLab(part: Part): LabLock {
  const lab = mapOf(part);
  const section = (key: string) => need(lab, key, part.path);
  return {
    planner: integer(section("planner"), 1),
    hypervisor: text(section("hypervisor")),
    provider: text(section("provider")),
    hosts: eachOf(section("hosts"), (host) => optional(mapOf(host), "uri", text)),
    images: eachOf(section("images"), readImage),
    networks: eachOf(section("networks"), readNetwork),
    sandboxes: eachOf(section("sandboxes"), (sandbox) => ({
      ...readAddresses(sandbox),
      ...optional(mapOf(sandbox), "forwards", (ports) => eachOf(ports, (port) => integer(port, 1))),
    })),
    ...optional(lab, "former", (former) =>
      eachOf(former, (sandbox) => ({
        removed: integer(need(mapOf(sandbox), "removed", sandbox.path), 1),
        ...readAddresses(sandbox),
      })),
    ),
  };
}

function readAddresses(part: Part): Pick<LockedSandbox, "addresses"> {
  return { addresses: eachOf(need(mapOf(part), "addresses", part.path), (list) => listOf(list).map(address)) };
}

function readImage(part: Part): LockedImage {
  const image = mapOf(part);
  const digest = matching(need(image, "digest", part.path), /^[0-9a-f]{64}$/, "a SHA-256 in hexadecimal");
  return { source: readSource(image, digest, part), digest, ...optional(image, "size", (size) => integer(size, 1)) };
}

function readSource(image: ReadonlyMap<string, Part>, digest: string, part: Part): ImageSource {
  const [path, url, bootstrap] = [image.get("path"), image.get("url"), image.get("bootstrap")];
  if (path) return { kind: "path", path: text(path) };
  // A download's checksum is its digest; the file says it once.
  if (url) return { kind: "url", url: text(url), sha256: digest };
  if (!bootstrap) return fail(part, "path, url or bootstrap");
  const recipe = mapOf(bootstrap);
  return {
    kind: "bootstrap",
    distribution: text(need(recipe, "distribution", bootstrap.path)) === "ubuntu" ? "ubuntu" : "debian",
    suite: text(need(recipe, "suite", bootstrap.path)),
    packages: listOf(need(recipe, "packages", bootstrap.path)).map(text),
    ...optional(recipe, "mirror", text),
  };
}

function readNetwork(part: Part): LockedNetwork {
  const network = mapOf(part);
  const cidr = need(network, "cidr", part.path);
  const block = Cidr.tryParse(text(cidr));
  if (block === undefined || block.prefix < 8 || block.prefix > 30) fail(cidr, "a block of addresses");
  return {
    own: network.get("own")?.value === true,
    cidr: text(cidr),
    reserve: integer(need(network, "reserve", part.path), 1),
    bridge: matching(need(network, "bridge", part.path), /^[a-z0-9-]{1,15}$/, "the name of a bridge"),
    ...optional(network, "macPrefix", (prefix) => matching(prefix, /^[0-9a-f]{4}$/, "four hexadecimal digits")),
  };
}

function mapOf({ value, path }: Part): ReadonlyMap<string, Part> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return fail({ value, path }, "a map");
  return new Map(
    Object.entries(value).map(([key, entry]) => [key, { value: entry as unknown, path: path === "" ? key : `${path}.${key}` }]),
  );
}

function eachOf<T>(part: Part, read: (entry: Part) => T): Record<string, T> {
  return Object.fromEntries(
    [...mapOf(part)].map(([name, entry]) => {
      if (!/^[a-z0-9-]{1,63}$/.test(name)) fail({ value: name, path: part.path }, "a name");
      return [name, read(entry)];
    }),
  );
}

function listOf({ value, path }: Part): Part[] {
  return Array.isArray(value)
    ? value.map((entry: unknown, index) => ({ value: entry, path: `${path}.${index}` }))
    : fail({ value, path }, "a list");
}

function need(map: ReadonlyMap<string, Part>, key: string, path: string): Part {
  return map.get(key) ?? fail({ value: undefined, path: path === "" ? key : `${path}.${key}` }, "a value");
}

function optional<K extends string, T>(map: ReadonlyMap<string, Part>, key: K, read: (part: Part) => T): { [key in K]?: T } {
  const part = map.get(key);
  return part === undefined ? {} : ({ [key]: read(part) } as { [key in K]?: T });
}

function text(part: Part): string {
  return typeof part.value === "string" ? part.value : fail(part, "a text");
}

function integer(part: Part, minimum: number): number {
  return typeof part.value === "number" && Number.isSafeInteger(part.value) && part.value >= minimum
    ? part.value
    : fail(part, "a whole number");
}

function matching(part: Part, pattern: RegExp, expected: string): string {
  return typeof part.value === "string" && pattern.test(part.value) ? part.value : fail(part, expected);
}

function address(part: Part): string {
  return parseIpv4(text(part)) === undefined ? fail(part, "an address") : text(part);
}

function fail({ value, path }: Part, expected: string): never {
  const found = value === undefined ? "nothing" : JSON.stringify(value).slice(0, 60);
  throw new Unreadable(`expected ${expected} at ${path === "" ? "the top" : path}, found ${found}`);
}
