import { lossText } from "../loss-text.ts";
import type { LabReview, PolicyFinding, Problem, Review, SandboxReview } from "../review.ts";
import { placeText, type Place } from "../place.ts";
import { changedNetworks, changedSandboxes, totalsText, type InLab } from "../summary.ts";
import { code, fenced, htmlCode } from "./markdown-escape.ts";
import { labDetails } from "./markdown-details.ts";
import { networkHappens, happens } from "./words.ts";

/** Stands at the top of every comment, so that a later one replaces it instead of following it. */
export const commentMarker = "<!-- terrarium-review -->";

/** Code hosts take 65,536 characters; bytes are never fewer. */
const mostBytes = 60_000;
/** For the sentence that says what was left out. */
const reserved = 600;

/**
 * The review as a comment on a pull request: losses first and bold, a line for each change, details folded. At most 60,000 bytes; what does not fit is counted at the end, and never a
 * loss before its number is told.
 *
 * @returns text that begins with {@link commentMarker} and ends with a line feed
 */
export function renderMarkdown(review: Review): string {
  const page = new Page();
  page.add([commentMarker, `## Terrarium: ${totalsText(review)}`, versions(review)].filter((line) => line !== "").join("\n\n"));
  page.addLines("### Data is lost", lossLines(review), "more losses", 24_000);
  page.addLines("### Policy", policyLines(review), "more findings", 8_000);
  for (const lab of review.labs) {
    page.addLines(`### Lab ${code(lab.lab)} (${code(lab.file)})`, labLines(lab), "more changes", 24_000);
  }
  for (const lab of review.labs) {
    if (lab.topology && (lab.topology.before !== "" || lab.topology.after !== "")) page.addWhole(topology(lab, lab.topology), "topologies");
    for (const part of labDetails(lab)) page.addWhole(part, "folded details");
  }
  if (review.unchanged > 0) page.addWhole(`${review.unchanged} other lab${review.unchanged === 1 ? " is" : "s are"} unchanged.`, "notes");
  return page.text();
}

/** A page that has only so much room. */
class Page {
  readonly #parts: string[] = [];
  readonly #left = new Map<string, number>();
  #bytes = 0;

  add(part: string): void {
    this.#parts.push(part);
    this.#bytes += Buffer.byteLength(part) + 2;
  }

  /** A part that is there or not. */
  addWhole(part: string, called: string): void {
    if (this.#bytes + Buffer.byteLength(part) + 2 <= mostBytes - reserved) this.add(part);
    else this.#left.set(called, (this.#left.get(called) ?? 0) + 1);
  }

  /** A list that may be cut: the rest is counted in its last line. */
  addLines(title: string, lines: readonly string[], called: string, most: number): void {
    if (lines.length === 0) return;
    const room = Math.min(most, mostBytes - reserved - this.#bytes - Buffer.byteLength(title) - 100);
    const kept: string[] = [];
    let bytes = 0;
    for (const line of lines) {
      bytes += Buffer.byteLength(line) + 1;
      if (bytes > room) break;
      kept.push(line);
    }
    if (kept.length < lines.length) {
      const rest = lines.length - kept.length;
      kept.push(`- **… and ${rest} ${called}**, left out for length`);
      this.#left.set(called, (this.#left.get(called) ?? 0) + rest);
    }
    // Hundreds of labs: even their titles end somewhere.
    if (kept.length === 1 && room < 200) return;
    this.add([title, "", ...kept].join("\n"));
  }

  text(): string {
    if (this.#left.size > 0) {
      const rest = [...this.#left].map(([called, count]) => `${count} ${called}`).join(", ");
      this.add(`_This comment is cut at 60 KB; left out: ${rest}. All of it: \`terrarium review --format html\` or \`--format json\`._`);
    }
    return `${this.#parts.join("\n\n")}\n`;
  }
}

function versions({ base, head }: Review): string {
  if (!base || !head) return "";
  const shown = ({ name, commit }: { name: string; commit?: string }): string =>
    code(name) + (commit === undefined ? "" : ` (${code(commit.slice(0, 12))})`);
  return `From ${shown(base)} to ${shown(head)}.`;
}

function lossLines({ labs }: Review): string[] {
  const several = labs.length > 1;
  return changedSandboxes(labs)
    .filter(({ item }) => item.losses.length > 0)
    .map(({ item, lab }) => {
      const lost = item.losses.map((loss) => code(lossText(loss))).join(", ");
      return `- **${code(item.name)}${several ? ` of lab ${code(lab.lab)}` : ""} ${happens[item.word]} and loses ${lost}**${why(item)}`;
    });
}

function policyLines({ policy }: Review): string[] {
  return policy.map(({ level, rule, object, text, place }: PolicyFinding) => {
    const told = `${level === "deny" ? "**denied**" : "warning"}: ${code(object)}: ${code(text)} (rule ${code(rule)}${at(place, ", ")})`;
    return `- ${told}`;
  });
}

function labLines(lab: LabReview): string[] {
  const sandboxes = changedSandboxes([lab]).filter(({ item }) => item.losses.length === 0);
  return [
    ...lab.problems.map(problemLine),
    ...lab.notes.map((note) => `- ${code(note)}`),
    ...lab.deviations.map(
      ({ object, expected, planned }) =>
        `- **what runs is not the base**: ${code(object)}: expected ${code(expected)}, planned ${code(planned)}`,
    ),
    ...sandboxes.map(sandboxLine),
    ...changedNetworks(lab).map(
      ({ name, ownedBy, word, reasons, follows }) =>
        `- network ${code(ownedBy === undefined ? name : `${name} (${ownedBy}'s own)`)} ${networkHappens[word]}${why({ reasons })}${follows.map((text) => `; ${code(text)}`).join("")}`,
    ),
    ...lab.images.map(
      ({ name, text, before, after }) =>
        `- image ${code(name)}: ${code(text)}${before === undefined || after === undefined ? "" : ` (${code(short(before))} → ${code(short(after))})`}`,
    ),
    ...lab.drift.map(({ object, text, repaired }) => `- ${code(object)}: ${code(text)}${repaired ? "" : " (left as it is)"}`),
    ...lab.others.map(({ address, word }) => `- ${code(address)}: ${word} (not part of the lab)`),
  ];
}

function sandboxLine({ item }: InLab<SandboxReview>): string {
  const facts = item.facts.length > 0 ? `: ${code(item.facts.join(", "))}` : "";
  return `- ${code(item.name)} ${happens[item.word]}${facts}${why(item)}`;
}

function problemLine({ severity, text, place, code: name }: Problem): string {
  return `- ${severity === "error" ? "**error**" : severity}: ${code(text)} (${code(name)}${at(place, ", ")})`;
}

function why({ reasons }: Pick<SandboxReview, "reasons">): string {
  if (reasons.length === 0) return "";
  return `: ${reasons.map(({ text, place }) => `${code(text)}${place ? ` (${code(placeText(place))})` : ""}`).join("; ")}`;
}

function at(place: Place | undefined, before: string): string {
  return place ? `${before}${code(placeText(place))}` : "";
}

const short = (digest: string): string => digest.slice(0, 12);

function topology(lab: LabReview, { before, after }: { readonly before: string; readonly after: string }): string {
  const parts = [
    ["before", before],
    ["after", after],
  ].flatMap(([called = "", text = ""]) => (text === "" ? [] : [`**${called}**`, fenced("mermaid", text.trimEnd().split("\n"))]));
  return [
    "<details>",
    `<summary>Topology of ${htmlCode(lab.lab)}</summary>`,
    "",
    ...parts.flatMap((part) => [part, ""]),
    "</details>",
  ].join("\n");
}
