import { Lexer } from "yaml";
import type { Finding, PartRule } from "../rule.ts";

/** A tab where YAML wants spaces. */
export const tabRule: PartRule = {
  code: "CLOUD_INIT_TAB",
  severity: "error",
  because:
    "The YAML reader of cloud-init takes no tabs outside quotes, comments and block texts, not even before a comment or at the end of a line: it ignores the whole text.",
  example: {
    bad: "#cloud-config\npackages:\n\t- nginx\n",
    good: "#cloud-config\npackages:\n  - nginx\n",
  },
  checkPart: ({ kind, name, text }) => {
    if ((kind !== "cloud-config" && kind !== "cloud-config-archive") || !text.includes("\t")) return [];
    const offset = firstTab(text);
    return offset === undefined ? [] : [tabAt(offset, name)];
  },
};

function tabAt(offset: number, name: string): Finding {
  return {
    at: { offset, length: 1 },
    summary: `${name} has a tab where YAML wants spaces`,
    nextStep: "Replace it by spaces.",
  };
}

/** Marks of the lexer that go before what they mark, and are no part of the text. */
const marks = new Set(["\u0002", "\u0018", "\u001f"]);

function firstTab(text: string): number | undefined {
  let offset = 0;
  let previous = "";
  // In a block text lines are one lexeme, after its header; the indentation before them is part of it.
  for (const lexeme of new Lexer().lex(text)) {
    if (marks.has(lexeme)) {
      previous = lexeme;
      continue;
    }
    // A scalar follows its mark: plain text if nothing quotes it, and then a tab in it splits it.
    const tab = lexeme.indexOf("\t");
    const isText =
      lexeme.startsWith('"') || lexeme.startsWith("'") || lexeme.startsWith("#") || (previous === "\u001f" && lexeme.includes("\n"));
    if (tab !== -1 && !isText && !isBlockLine(text, offset, previous)) return offset + tab;
    offset += lexeme.length;
    previous = lexeme;
  }
  return undefined;
}

/** A block text of a single line has no line break inside, but stands after one. */
function isBlockLine(text: string, offset: number, previous: string): boolean {
  return previous === "\u001f" && /[|>][-+0-9]*[ ]*(?:#[^\n]*)?\r?\n[ ]*$/.test(text.slice(Math.max(0, offset - 300), offset));
}
