import { readFileSync } from "node:fs";
import { diagnosticCodes } from "../lib/diagnostics/codes.ts";
import { lab } from "../schemas/lab/lab.ts";
import { cloudInitChecks } from "./cloud-init-checks.ts";
import { labReference } from "./reference-lab.ts";

/** A page of docs/reference; its path is relative to the project. */
export interface ReferencePage {
  readonly path: string;
  readonly text: string;
}

/** The pages that are made from the schema and from the table of codes: `npm run generate` writes them, the drift test compares. */
export function referencePages(): ReferencePage[] {
  return [
    { path: "docs/reference/lab.md", text: labReference(lab) },
    { path: "docs/reference/diagnostics.md", text: diagnosticsReference() },
    { path: "docs/reference/cloud-init-checks.md", text: cloudInitChecks() },
  ];
}

/** Every code with its meaning, in the groups of codes.ts (its comments), each with an anchor. */
function diagnosticsReference(): string {
  const lines = [
    "# Diagnostics",
    "",
    "<!-- Made by `npm run generate` from lib/diagnostics/codes.ts. Do not edit. -->",
    "",
    "Every message of `terrarium` has a code. Codes are stable: scripts may rely on them (`--json` has them as `code`).",
  ];
  for (const { title, codes } of codeGroups()) {
    lines.push("", `## ${title}`, "", "| code | meaning |", "|---|---|");
    for (const code of codes) lines.push(`| <a id="${code}"></a>\`${code}\` | ${cell(diagnosticCodes[code])} |`);
  }
  return `${lines.join("\n")}\n`;
}

type Code = keyof typeof diagnosticCodes;

function codeGroups(): { title: string; codes: Code[] }[] {
  const groups: { title: string; codes: Code[] }[] = [];
  for (const line of readFileSync(new URL("../lib/diagnostics/codes.ts", import.meta.url), "utf8").split("\n")) {
    const title = /^ {2}\/\/ (.+)$/.exec(line)?.[1];
    const code = /^ {2}([A-Z][A-Z0-9_]*):/.exec(line)?.[1];
    if (title !== undefined) groups.push({ title, codes: [] });
    if (code !== undefined) groups.at(-1)?.codes.push(code as Code);
  }
  return groups.filter(({ codes }) => codes.length > 0);
}

/** Text for a cell of a Markdown table. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
