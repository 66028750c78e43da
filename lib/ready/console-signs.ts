import { stripVTControlCharacters } from "node:util";

/** Something on a console that says that a guest cannot boot. */
export interface ConsoleSign {
  readonly kind: "panic" | "noBootDisk" | "bootLoader" | "noRootDisk" | "emergency";
  /** The line that said it. */
  readonly line: string;
}

const signs: readonly { readonly kind: ConsoleSign["kind"]; readonly pattern: RegExp }[] = [
  { kind: "noBootDisk", pattern: /No bootable device|Boot failed: not a bootable disk/ },
  {
    kind: "noRootDisk",
    pattern: /VFS: Unable to mount root fs|Gave up waiting for (?:root|suspend\/resume) device|^ALERT! .* does not exist/,
  },
  { kind: "panic", pattern: /Kernel panic - not syncing/ },
  { kind: "bootLoader", pattern: /^grub(?: rescue)?>/ },
  { kind: "emergency", pattern: /You are in emergency mode|Entering emergency mode/ },
];

const escape = String.fromCodePoint(27);
/** To a place on the screen, a part of it cleared, or the terminal reset: whatever comes next is another line. */
const cursorMoved = new RegExp(`${escape}(?:\\[[\\d;]*[HJ]|c)`, "g");

/**
 * The last lines of a console as text: terminal codes gone, progress that was overwritten on a line left out, blank lines dropped.
 *
 * @example consoleLines(Buffer.from("a\r\n\u001b[1mb\u001b[0m\r\n"), 50) // ["a", "b"]
 */
export function consoleLines(bytes: Uint8Array, last: number): string[] {
  // A line is short; what lies far before the last ones cannot be among them.
  const tail = bytes.subarray(Math.max(0, bytes.length - Math.max(65_536, last * 2000)));
  // SeaBIOS and boot loaders move about and clear the screen instead of ending lines.
  const text = new TextDecoder().decode(tail).replaceAll(cursorMoved, "\n");
  return stripVTControlCharacters(text)
    .split(/\n|\r(?!\n)/)
    .map((line) => line.replaceAll(/\p{Cc}/gu, "").trimEnd())
    .filter((line) => line !== "")
    .slice(-last);
}

/**
 * Why a guest cannot boot, if its console says so near its end. Earlier words do not count: a guest may have rebooted since and be well.
 *
 * Texts: GRUB, SeaBIOS (with `<bios useserial='yes'/>`), Linux, initramfs-tools, systemd.
 */
export function consoleSign(lines: readonly string[]): ConsoleSign | undefined {
  for (const { kind, pattern } of signs) {
    const line = lines.slice(-40).findLast((candidate) => pattern.test(candidate));
    if (line !== undefined) return { kind, line: line.trim() };
  }
  return undefined;
}

/** What a sign means, as the end of a sentence. */
export const signMeanings: Readonly<Record<ConsoleSign["kind"], string>> = {
  panic: "its kernel panicked",
  noBootDisk: "its firmware found no disk to boot from",
  bootLoader: "its boot loader stopped at its prompt",
  noRootDisk: "its kernel did not find its root file system",
  emergency: "its system stopped in emergency mode",
};
