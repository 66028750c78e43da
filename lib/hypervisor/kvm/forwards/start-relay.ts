import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { programEnvironment } from "../../program.ts";
import type { OpenPort } from "./open-ports.ts";
import { relayMark } from "./read-relays.ts";

/** Milliseconds that Node may take to start. */
const patience = 30_000;

/**
 * Starts the relay of a sandbox, and hands it the open ports. It outlives this process.
 *
 * @param enterNetwork words before the program that bring it into the network of the host's sandboxes; none where that is the machine's
 */
export async function startRelay(sandbox: string, uri: string, ports: readonly OpenPort[], enterNetwork: readonly string[]): Promise<void> {
  const forwards = JSON.stringify(ports.map(({ forward }) => forward));
  const [program, ...args] = [...enterNetwork, process.execPath, ...relayProgram(), relayMark, sandbox, uri, forwards];
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "ignore", "ipc"], detached: true, cwd: "/", env: programEnvironment() });
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`the relay of its forwarded ports did not start within ${patience / 1000} s`)),
        patience,
      );
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`the relay of its forwarded ports ended at once (${String(code)})`)));
      child.once("message", () => {
        clearTimeout(timer);
        resolve();
      });
      for (const [index, { socket }] of ports.entries()) child.send(String(index), socket, (error) => error && reject(error));
    });
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    child.removeAllListeners();
    if (child.connected) child.disconnect();
    child.unref();
  }
}

/** Built, relay.js lies beside this file or its bundle; in a checkout it is TypeScript and needs tsx; a provider that is one file is its own relay. */
function relayProgram(): string[] {
  const here = fileURLToPath(import.meta.url);
  const built = ["./relay.js", "./forward-relay.js"].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const found = built.find((path) => existsSync(path));
  if (found !== undefined) return [found];
  return here.endsWith(".ts") ? ["--import", import.meta.resolve("tsx"), fileURLToPath(new URL("./relay.ts", import.meta.url))] : [here];
}
