import { lossText } from "../loss-text.ts";
import type { Place } from "../place.ts";
import type { Review } from "../review.ts";
import { changedSandboxes } from "../summary.ts";
import { visible } from "./visible.ts";
import { happens } from "./words.ts";

interface Finding {
  readonly ruleId: string;
  readonly level: "error" | "warning" | "note";
  readonly text: string;
  readonly place?: Place;
  /** What makes two findings the same one. */
  readonly identity: string;
}

const rules: Readonly<Record<string, string>> = {
  loss: "A change loses data of a sandbox.",
  change: "A change restarts, changes or creates a sandbox.",
  problem: "The lab is in error, or a change is refused.",
  policy: "The policy of the base does not allow a change.",
};

/** The review as SARIF 2.1.0: an annotation at the line of the lab that is the reason. */
export function renderSarif(review: Review): string {
  const results = findingsOf(review).map(({ ruleId, level, text, place, identity }) => ({
    ruleId,
    level,
    message: { text: messageText(text) },
    ...(place && {
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: uriOf(place.file) }, region: { startLine: place.line, startColumn: place.column } },
        },
      ],
    }),
    partialFingerprints: { "terrarium/v1": visible(identity) },
  }));
  const driver = {
    name: "terrarium review",
    rules: Object.entries(rules).map(([id, text]) => ({ id, shortDescription: { text } })),
  };
  return `${JSON.stringify({ $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [{ tool: { driver }, columnKind: "utf16CodeUnits", results }] }, null, 2)}\n`;
}

function findingsOf(review: Review): Finding[] {
  const problems = review.labs.flatMap(({ file, problems: told }) =>
    told.map(({ severity, text, code, place }): Finding => ({
      ruleId: "problem",
      level: severity === "notice" ? "note" : severity,
      text: `${text} (${code})`,
      place: place ?? { file, line: 1, column: 1 },
      identity: `${file} ${code} ${text}`,
    })),
  );
  const sandboxes = changedSandboxes(review.labs).map(({ item, lab }): Finding => {
    const { name, word, losses, reasons, place } = item;
    const why = reasons.length === 0 ? "" : `: ${reasons.map(({ text }) => text).join("; ")}`;
    const lost = losses.length === 0 ? "" : ` and loses ${losses.map(lossText).join(", ")}`;
    return {
      ruleId: losses.length > 0 ? "loss" : "change",
      level: losses.length > 0 ? "warning" : "note",
      text: `sandbox ${name} ${happens[word]}${lost}${why}`,
      place: reasons.find((reason) => reason.place)?.place ?? place ?? { file: lab.file, line: 1, column: 1 },
      identity: `${lab.file} ${name} ${word}`,
    };
  });
  const policy = review.policy.map(({ level, rule, object, text, place }): Finding => ({
    ruleId: "policy",
    level: level === "deny" ? "error" : "warning",
    text: `${object}: ${text} (rule ${rule})`,
    ...(place && { place }),
    identity: `${rule} ${object}`,
  }));
  return [...policy, ...problems, ...sandboxes];
}

/** SARIF reads `[text](address)` in messages as a link, and `{0}` as a place for an argument. */
function messageText(text: string): string {
  return visible(text, 2000)
    .replace(/[\\[\]]/g, (character) => `\\${character}`)
    .replace(/[{}]/g, (brace) => brace + brace);
}

function uriOf(path: string): string {
  // Half of a surrogate pair has no form in UTF-8.
  return path
    .replace(/\p{Cs}/gu, "\uFFFD")
    .split("/")
    .map(encodeURIComponent)
    .join("/");
}
