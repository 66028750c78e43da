import type { Diagnostic } from "../../lib/diagnostics/diagnostic.ts";
import { normalizeLab } from "../../lib/lab/normalize-lab.ts";
import { includedFiles } from "../../lib/labfile/included-files.ts";
import { locateDiagnostics } from "../../lib/labfile/locate.ts";
import { parseLabFile } from "../../lib/labfile/parse-lab-file.ts";
import { readPage, type Page, type Problem } from "./markdown.ts";

/** The keys that a part of a lab is known by. */
const labKeys = /^(vars|defaults|profiles|images|networks|sandboxes|hosts|provider|hypervisor|backend):/m;

/**
 * Checks the labs that a page shows. A `yaml` block that begins a lab (`lab:`) must pass `terrarium validate`; one that shows parts of a lab must be made of what the
 * schema knows. Other YAML (cloud-config, lock files) is left alone.
 */
export function checkLabs(page: Page): Problem[] {
  return readPage(page)
    .blocks.filter(({ language }) => language === "yaml")
    .flatMap(({ lines, line }) => {
      const text = `${lines.join("\n")}\n`;
      const whole = /^lab:/m.test(text);
      if (!whole && !labKeys.test(text)) return [];
      if (/^#cloud-config|^planner:/m.test(text)) return [];
      // Appended, so that lines keep their numbers.
      const completed = whole ? text : `${text}lab: example\n${/^sandboxes:/m.test(text) ? "" : "sandboxes: {}\n"}`;
      const found = checkLab(page.path, completed, whole);
      return found.map((fault) => ({ path: page.path, line: line + lineOf(fault) - 1, text: `${fault.code}: ${fault.summary}` }));
    });
}

/** @param whole false to leave out the rules between keys, which a part of a lab cannot keep */
export function checkLab(file: string, text: string, whole = true): readonly Diagnostic[] {
  const { value, diagnostics } = parseLabFile({ file, text });
  if (!value || !whole) return diagnostics;
  const files = new Map(includedFiles(value.written).map(({ path }) => [path, { text: "#cloud-config\n" }]));
  const normalized = normalizeLab(value.written, { files });
  // Whether a file is there is the reader's business.
  const located = locateDiagnostics(normalized.diagnostics, value.locate);
  return [...diagnostics, ...located].filter(({ severity, code }) => severity === "error" && code !== "IMAGE_DIGEST_UNKNOWN");
}

function lineOf(diagnostic: Diagnostic): number {
  return diagnostic.source?.line ?? 1;
}
