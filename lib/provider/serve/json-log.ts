import type { Log } from "../framework/resource.ts";

type Level = "debug" | "info" | "warn" | "error";

/**
 * A log in the form that Terraform reads from a provider's stderr: one JSON object a line, whose other keys become pairs.
 * Terraform panics over a message that is not text, and splits lines over 64 KiB.
 */
export function jsonLog(write: (line: string) => void, now: () => Date = () => new Date()): Log {
  const log =
    (level: Level) =>
    (message: string, facts: Readonly<Record<string, unknown>> = {}): void => {
      const pairs = Object.entries(facts).filter(([key, value]) => !key.startsWith("@") && value !== undefined);
      // Go's reader wants exactly six digits of a second.
      const timestamp = now().toISOString().replace("Z", "000Z");
      const line = {
        "@level": level,
        "@message": cut(message),
        "@timestamp": timestamp,
        ...Object.fromEntries(pairs.map(([key, value]) => [key, typeof value === "string" ? cut(value) : value])),
      };
      write(`${JSON.stringify(line)}\n`);
    };
  return { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") };
}

function cut(text: string): string {
  return text.length > 10_000 ? `${text.slice(0, 10_000)}… (${text.length} characters)` : text;
}
