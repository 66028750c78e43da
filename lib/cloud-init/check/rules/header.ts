import { kindOfUserData } from "../../user-data-kind.ts";
import type { Finding, PartRule } from "../rule.ts";
import { networkInUserData, networkKeyRule } from "./network-key.ts";

const kinds =
  '"#cloud-config", "#!/bin/sh" (any script), "#include", "#cloud-boothook", "#part-handler", "## template: jinja", or a MIME message';

/** A first line that says nothing. */
export const headerRule: PartRule = {
  code: "CLOUD_INIT_HEADER_MISSING",
  severity: "error",
  because: "cloud-init tells from the first line what a text is. What it does not know it ignores.",
  example: {
    bad: "# cloud-config\npackages: [nginx]\n",
    good: "#cloud-config\npackages: [nginx]\n",
  },
  checkPart: ({ kind, name, text }) => {
    // Packed twice is for nobody to read.
    if (kind === "unknown" || kind === "gzip") return [headerMissing(text, 0, name)];
    if (kind !== "jinja") return [];
    const { rest, offset } = afterFirstLine(text);
    return kindOfUserData(rest) === "unknown" || kindOfUserData(rest) === "empty" ? [headerMissing(rest, offset, name)] : [];
  },
};

/** What a template makes is known in the guest only: a key that stands there literally is all that can be told. */
export const networkInTemplateRule: PartRule = {
  ...networkKeyRule,
  checkPart: ({ kind, text }) => {
    if (kind !== "jinja") return [];
    const { rest, offset } = afterFirstLine(text);
    const key = kindOfUserData(rest) === "cloud-config" ? /^(["']?)network\1[ \t]*:/m.exec(rest) : null;
    return key === null ? [] : [networkInUserData({ at: { offset: offset + key.index, length: "network".length } })];
  },
};

function afterFirstLine(text: string): { rest: string; offset: number } {
  const offset = text.indexOf("\n") + 1;
  return offset === 0 ? { rest: "", offset: text.length } : { rest: text.slice(offset), offset };
}

function headerMissing(text: string, offset: number, name: string): Finding {
  const [firstLine = ""] = text.split(/\r?\n/, 1);
  return {
    at: { offset, length: firstLine.length },
    summary: `cloud-init ignores ${name}: its first line must say what it is, and is ${JSON.stringify(firstLine.slice(0, 60))}`,
    nextStep: nextStepFor(text, firstLine),
  };
}

function nextStepFor(text: string, firstLine: string): string {
  if (text.startsWith("\ufeff")) return "Save the file without a byte-order mark: it stands before the first line.";
  const misspelt = /^\s*#[\s#]*cloud[\s_-]*config/i.test(firstLine);
  if (misspelt) return 'Write the first line exactly so: "#cloud-config", without spaces.';
  if (/^[\w-]+\s*:/.test(firstLine)) return 'If this is cloud-config, add the first line "#cloud-config".';
  return `Start it with one of: ${kinds}.`;
}
