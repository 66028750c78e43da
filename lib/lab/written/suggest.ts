import { Duration } from "../../units/duration.ts";
import { Size } from "../../units/size.ts";
import { quote } from "./describe.ts";

const sizeUnits: Readonly<Record<string, string>> = { "": "", b: "B", k: "KiB", m: "MiB", g: "GiB", t: "TiB" };

/** What was most likely meant by something that is no size: a number without a unit, `2G`, `2 gb`, `512Mi`. */
export function suggestSize(value: unknown): string | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([bkmgt]?)(?:i?b(?:ytes?)?|i)?$/i.exec(String(value).trim());
  const unit = sizeUnits[match?.[2]?.toLowerCase() ?? "?"];
  if (match?.[1] === undefined || unit === undefined) return undefined;
  const amount = match[1];
  const text = `${amount}${unit === "" ? guessUnit(Number(amount)) : unit}`;
  return Size.tryParse(text) ? text : undefined;
}

/** People write a few gibibytes, or many mebibytes, or very many bytes. */
function guessUnit(amount: number): string {
  if (amount < 128) return "GiB";
  return amount < 1_000_000 ? "MiB" : "B";
}

const durationUnits: Readonly<Record<string, string>> = {
  "": "s",
  ms: "ms",
  s: "s",
  sec: "s",
  second: "s",
  m: "m",
  min: "m",
  minute: "m",
  h: "h",
  hour: "h",
};

/** What was most likely meant by something that is no duration: a number without a unit, `5 min`, `90sec`. */
export function suggestDuration(value: unknown): string | undefined {
  const match = /^(\d+)\s*([a-z]*?)s?$/i.exec(String(value).trim());
  const letters = match?.[2]?.toLowerCase() ?? "?";
  // "5s" lost its letter to the plural.
  const unit = durationUnits[letters] ?? durationUnits[`${letters}s`];
  if (match?.[1] === undefined || unit === undefined) return undefined;
  const text = `${match[1]}${unit}`;
  return Duration.tryParse(text) ? text : undefined;
}

/** A DNS label as near as possible to what was written. */
export function suggestName(name: string): string | undefined {
  const near = name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .slice(0, 63)
    .replace(/^-+|-+$/g, "");
  return near === "" || near === name ? undefined : near;
}

/** What to write instead of a value of the wrong type, where that is plain to see. */
export function suggestType(value: unknown, types: readonly string[]): string | undefined {
  if (value === null)
    return types.includes("object")
      ? "Write {} for a map with nothing in it, or leave the key out."
      : "Give it a value, or leave the key out.";
  if (types.includes("boolean") && typeof value === "string") {
    const word = value.toLowerCase();
    const meant = ["yes", "on", "y", "true"].includes(word) ? "true" : ["no", "off", "n", "false"].includes(word) ? "false" : undefined;
    if (meant) return `Write ${meant}${word === meant ? " without quotes" : ": yes, no, on and off are text in YAML 1.2"}.`;
  }
  if (types.includes("integer") && typeof value === "string" && /^\d+$/.test(value)) return `Leave out the quotes: ${value}.`;
  if (types.includes("string") && (typeof value === "number" || typeof value === "boolean")) return `Put it in quotes: "${String(value)}".`;
  if (types.includes("array") && (typeof value === "string" || typeof value === "number"))
    return `Write a list: [${typeof value === "string" ? quote(value) : value}].`;
  return undefined;
}
