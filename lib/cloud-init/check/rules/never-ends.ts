import type { UserDataPart } from "../../parts/user-data-part.ts";
import { commandsOf } from "../commands.ts";
import type { ConfigRule, Finding, PartRule, RuleText } from "../rule.ts";
import { sayPath } from "../schema/say-violation.ts";

const text: RuleText = {
  code: "CLOUD_INIT_NEVER_ENDS",
  severity: "warning",
  because:
    "cloud-init waits for every command. One that never ends stops the boot (`bootcmd`, boothooks) or keeps the sandbox from ever being ready (`runcmd`, scripts). Guessed from the text: an error where a command is nothing but " +
    "that, a warning elsewhere.",
  example: {
    bad: "#cloud-config\nbootcmd:\n  - tail -f /var/log/syslog\n",
    good: "#cloud-config\nbootcmd:\n  - tail -n 20 /var/log/syslog\n",
  },
};

/** Commands of cloud-config that never end. */
export const neverEndsRule: ConfigRule = {
  ...text,
  checkConfig: ({ value }) =>
    commandsOf(value).flatMap(({ path, shell }): Finding[] => {
      const [endless] = endlessIn(shell);
      if (endless === undefined) return [];
      return [{ ...said(endless.what, sayPath(path)), path, severity: endless.whole ? "error" : "warning" }];
    }),
};

/** Scripts and boothooks that never end. */
export const scriptNeverEndsRule: PartRule = {
  ...text,
  checkPart: (part) => (isShell(part) ? endlessIn(part.text).map(({ what, at }) => ({ ...said(what, part.name), at })) : []),
};

function isShell({ kind, text }: UserDataPart): boolean {
  if (kind !== "script" && kind !== "boothook") return false;
  const interpreter = /^#![ \t]*(.*)/m.exec(text)?.[1];
  return interpreter === undefined || /\b(?:ba|da|z|k|a)?sh\b/.test(interpreter);
}

function said(what: string, where: string): Pick<Finding, "summary" | "nextStep"> {
  return {
    summary: `${where} never ends: ${what}`,
    nextStep: "Run it as a service (a systemd unit in write_files), put it into the background, or give it a limit: timeout 60 …",
  };
}

interface Endless {
  readonly what: string;
  /** The text is nothing but this command. */
  readonly whole: boolean;
  readonly at: { readonly offset: number; readonly length: number };
}

const endlessCommands: readonly (readonly [RegExp, string])[] = [
  [/^tail\s(?:.*\s)?(?:-\w*[fF]\w*|--follow\S*|--retry)(?:\s|$)/, "tail follows a file for ever"],
  [/^journalctl\s(?:.*\s)?(?:-\w*f\w*|--follow)(?:\s|$)/, "journalctl follows the journal for ever"],
  [/^sleep\s+inf(?:inity)?\b/, "sleep infinity"],
  [/^read(?:\s+-\w+|\s+-p\s+("[^"]*"|'[^']*'))*(?:\s+\w+)*$/, "read waits for input that nobody gives"],
];

const endlessLoop = /^while\s+(?:true|:|1|\[\s*1\s*\]|\(\(\s*1\s*\)\))\s*(?:;|$)|^until\s+false\s*(?:;|$)/;

/** Commands that wait for ever, in the foreground. Comments and here-documents are passed over; so is what a pipe feeds. */
function endlessIn(shell: string): Endless[] {
  const lines = linesOf(shell);
  return lines.flatMap(({ line, offset }, index): Endless[] => {
    const trimmed = line.trim();
    const at = { offset: offset + line.indexOf(trimmed), length: trimmed.length };
    const whole = lines.filter(({ line: other }) => other.trim() !== "" && !other.startsWith("#!")).length === 1;
    if (endlessLoop.test(trimmed)) {
      const rest = lines
        .slice(index)
        .map((other) => other.line)
        .join("\n");
      return /\b(?:break|exit|return)\b/.test(rest) || /\bdone\s*[^\n]*&\s*(?:$|\n|;)/.test(rest)
        ? []
        : [{ what: "a loop without an end", whole: false, at }];
    }
    const commands = commandsIn(trimmed);
    return commands.flatMap((command) => {
      const found = endlessCommands.find(([pattern]) => pattern.test(command));
      return found ? [{ what: found[1], whole: whole && commands.length === 1 && trimmed === command, at }] : [];
    });
  });
}

/** Simple commands of a line that run in the foreground and start a pipe, without redirections of their output. */
function commandsIn(line: string): string[] {
  return line
    .split(/(?<=[^&>]&)(?![&>])|;|&&|\|\|/)
    .map((part) => part.trim())
    .filter((part) => !part.endsWith("&") && !part.includes("|") && !/<(?!<)/.test(part))
    .map((part) =>
      part
        .replace(/^(?:(?:sudo|exec|nohup|do|then|else)\s+)+/, "")
        .replaceAll(/\s*\d?>+\s*\S+/g, "")
        .trim(),
    );
}

function linesOf(shell: string): { line: string; offset: number }[] {
  const lines: { line: string; offset: number }[] = [];
  let offset = 0;
  let untilWord: string | undefined;
  for (const line of shell.split("\n")) {
    if (untilWord !== undefined) {
      if (line.trim() === untilWord) untilWord = undefined;
    } else if (!/^\s*#(?!!)/.test(line)) {
      lines.push({ line, offset });
      untilWord = /<<-?\s*(["']?)(\w+)\1/.exec(line)?.[2];
    }
    offset += line.length + 1;
  }
  return lines;
}
