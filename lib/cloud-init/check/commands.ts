import type { ValuePath } from "./schema/evaluate-schema.ts";

/** A command of `bootcmd` or `runcmd`. */
export interface Command {
  readonly path: ValuePath;
  /** The shell line, or the list's words with spaces between them. */
  readonly shell: string;
}

/** The commands that a cloud-config runs, in the order of cloud-init. */
export function commandsOf(value: Readonly<Record<string, unknown>>): Command[] {
  return ["bootcmd", "runcmd"].flatMap((key) => {
    const commands = value[key];
    if (!Array.isArray(commands)) return [];
    return (commands as unknown[]).flatMap((command, index) => {
      const words = Array.isArray(command) ? (command as unknown[]) : [command];
      return words.every((word) => typeof word === "string") ? [{ path: [key, index], shell: words.join(" ") }] : [];
    });
  });
}
