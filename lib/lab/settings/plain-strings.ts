import { guestSettingKeys } from "../guest-settings.ts";
import { nameOfSecret, parseText, secretsOf } from "../text.ts";
import type { Path, Report } from "../path.ts";

/**
 * Takes texts that cannot hold a secret as what they say: `$${env:X}` becomes `${env:X}`; a secret reference in one is `SECRET_MISPLACED`.
 * Texts for which `mayHoldSecret` is true stay as written; `parseText` reads those.
 *
 * @returns the value itself where nothing changes
 */
export function plainStrings<T>(value: T, at: (...path: Path) => Path, mayHoldSecret: (path: Path) => boolean, report: Report): T {
  const plain = (part: unknown, path: Path): unknown => {
    if (typeof part === "string") {
      if (!part.includes("${") || mayHoldSecret(path)) return part;
      const text = parseText(part);
      const [secret] = secretsOf(text);
      if (typeof text === "string" || secret === undefined) return text;
      const name = nameOfSecret(secret);
      report({
        code: "SECRET_MISPLACED",
        severity: "error",
        path: at(...path),
        summary: `secret ${name} cannot be kept here: this text is shown in plans and stored with the lab`,
        nextStep: `Secrets may stand in \`sshKeys\` and in the texts of \`cloudInit\`, but for names, packages and paths. To mean the text itself, write $${name}.`,
      });
      return part;
    }
    if (typeof part !== "object" || part === null) return part;
    if (Array.isArray(part)) return part.map((item, index) => plain(item, [...path, index]));
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, plain(item, [...path, key])]));
  };
  return hasReference(value) ? (plain(value, []) as T) : value;
}

/** Where a sandbox's settings may name secrets: what enters its seed. */
export function mayHoldSecret(path: Path): boolean {
  const [first, second, third, fourth] = path;
  if (first === "sshKeys") return true;
  if (first !== "cloudInit") return false;
  if (second === "writeFiles") return typeof third === "number" && fourth === "content";
  if (second === "disks") return false;
  return typeof second === "string" && secretive.has(second);
}

const secretive: ReadonlySet<string> = new Set(["runCmd", "userData", "vendorData", ...guestSettingKeys]);

function hasReference(value: unknown): boolean {
  if (typeof value === "string") return value.includes("${");
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(hasReference);
}
