import type { Provider } from "../framework/provider.ts";
import { servePlugin } from "./serve-plugin.ts";

/**
 * Makes this process the plugin: the one place of the provider that touches stdout, stderr and the exit code.
 *
 * @param atEnd called once before the process ends by itself. Terraform waits two seconds for it, then kills
 */
export function runPlugin<Client>(
  provider: Provider<Client>,
  { atEnd = async () => {} }: { readonly atEnd?: () => Promise<void> } = {},
): void {
  // A terminal's Ctrl-C reaches this process, too. Terraform says itself what is to stop, and needs the answer.
  process.on("SIGINT", () => undefined);
  // When Terraform was killed, nobody reads our log any more: what is in flight must be finished all the same.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  servePlugin(provider, {
    env: process.env,
    platform: process.platform,
    writeHandshake: (line) => void process.stdout.write(line),
    writeLog: (line) => void process.stderr.write(line),
    exit: (code) =>
      void atEnd()
        .catch((error: unknown) => process.stderr.write(`${String(error)}\n`))
        .finally(() => process.exit(code)),
  }).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  });
}
