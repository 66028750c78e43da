import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { namespaceFile } from "./network-namespace.ts";

/** What is needed to reach a guest's address from here. */
export interface Reach {
  /** The network namespace in which the host's guests live; absent for a host whose networks are reachable as they are. */
  readonly netns?: string;
}

/**
 * The program that carries ssh into the network of an embedded host: for ssh's ProxyCommand, with its tokens `%h` and `%p`.
 *
 * @returns undefined for a host that needs none
 * @example proxyCommand(host) // ["nsenter", "--net=/run/netns/trm-local-1a2b3c", "/usr/bin/node", ".../connect.js", "%h", "%p"]
 */
export function proxyCommand({ netns }: Reach): string[] | undefined {
  return netns === undefined ? undefined : ["nsenter", `--net=${namespaceFile(netns)}`, process.execPath, ...connectProgram(), "%h", "%p"];
}

/** A command that runs in the host's network: `["nsenter", "--net=…", "ping", …]`; as it is for a host that needs none. */
export function inHostNetwork({ netns }: Reach, command: readonly string[]): string[] {
  return netns === undefined ? [...command] : ["nsenter", `--net=${namespaceFile(netns)}`, ...command];
}

/** Built, connect.js lies beside this file (or beside the bundle it went into); in a checkout it is TypeScript and needs tsx. */
function connectProgram(): string[] {
  const built = ["./connect.js", "./host/connect.js", "../lib/host/connect.js"].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const found = built.find((path) => existsSync(path));
  return found ? [found] : ["--import", import.meta.resolve("tsx"), fileURLToPath(new URL("./connect.ts", import.meta.url))];
}
