import { DOMParser, onErrorStopParsing } from "@xmldom/xmldom";
import { marked } from "marked";
import { expect, test } from "vitest";
import { renderReview } from "../../../lib/cli/output/review.ts";
import { renderHtml } from "../../../lib/review/forms/html.ts";
import { renderJson } from "../../../lib/review/forms/json.ts";
import { renderJunit } from "../../../lib/review/forms/junit.ts";
import { renderMarkdown } from "../../../lib/review/forms/markdown.ts";
import { renderSarif } from "../../../lib/review/forms/sarif.ts";
import type { Review } from "../../../lib/review/review.ts";
import { filledReview } from "./filled-review.ts";
import { hostile } from "./hostile.ts";

const calm = filledReview("harmless");

/** Tags in their order, with their attributes' names, and everything that is no code. */
function skeleton(html: string): string {
  return html
    .replace(/(<(code|pre)\b[^>]*>)[\s\S]*?(<\/\2>)/g, "$1$3")
    .replace(/\s+/g, " ")
    .trim();
}

/** As GitHub and GitLab read a comment: GitHub-flavoured Markdown, HTML passed through. */
const asHtml = (review: Review): string => marked.parse(renderMarkdown(review), { gfm: true, async: false });

// What code hosts look for in text that is no code, and what acts on whoever prints it.
const unseen = /[\p{Cc}\u00AD\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\u{E0000}-\u{E0FFF}]/u;

test("the corpus has a hundred texts", () => {
  expect(new Set(hostile).size).toBeGreaterThanOrEqual(100);
});

test("in a comment every text stays in its code span: the rendered page is the same but for code", () => {
  const expected = skeleton(asHtml(calm));
  for (const text of hostile) {
    const rendered = asHtml(filledReview(text));
    expect(skeleton(rendered), JSON.stringify(text)).toBe(expected);
    expect(renderMarkdown(filledReview(text)).replaceAll("\n", ""), JSON.stringify(text)).not.toMatch(unseen);
  }
});

test("a code span shows its text, whatever backticks are in it", () => {
  for (const text of hostile.filter((one) => one.includes("`") && one.length < 200 && !/[\n\r]/.test(one))) {
    const decoded = asHtml(filledReview(text))
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&#39;", "'");
    expect(decoded, JSON.stringify(text)).toContain(text.trim());
  }
});

test("in HTML every text is text: the same tags with the same attributes, and no script", () => {
  // Texts are everywhere, so only tags are compared: a text that became a tag, or left its attribute, would be one more.
  const tags = (html: string): string => (html.replace(/<style>[\s\S]*?<\/style>/, "").match(/<[^>]*>/g) ?? []).join("");
  const expected = tags(renderHtml(calm));
  for (const text of hostile) {
    const html = renderHtml(filledReview(text));
    expect(tags(html), JSON.stringify(text)).toBe(expected);
    expect(html.replaceAll("\n", ""), JSON.stringify(text)).not.toMatch(unseen);
  }
  expect(renderHtml(calm)).toContain("default-src 'none'");
  expect(renderHtml(calm)).not.toMatch(/<script|<link|https?:/);
});

test("JUnit stays well-formed with the same elements", () => {
  const elements = (xml: string): string[] =>
    [...new DOMParser({ onError: onErrorStopParsing }).parseFromString(xml, "text/xml").getElementsByTagName("*")].map(
      ({ tagName }) => tagName,
    );
  const expected = elements(renderJunit(calm));
  for (const text of hostile) expect(elements(renderJunit(filledReview(text))), JSON.stringify(text)).toEqual(expected);
});

test("SARIF has no link, no placeholder and no invisible character in its messages, and only relative addresses", () => {
  for (const text of hostile) {
    const { runs } = JSON.parse(renderSarif(filledReview(text))) as {
      runs: { results: { message: { text: string }; locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }[] }[];
    };
    for (const { message, locations } of runs.flatMap(({ results }) => results)) {
      const plain = message.text.replace(/\\[\\[\]]/g, "").replace(/\{\{|\}\}/g, "");
      expect(plain, JSON.stringify(text)).not.toMatch(/[[\]{}]/);
      expect(message.text, JSON.stringify(text)).not.toMatch(unseen);
      for (const { physicalLocation } of locations ?? [])
        expect(physicalLocation.artifactLocation.uri, JSON.stringify(text)).toMatch(/^[A-Za-z0-9%._~!*'()/-]*$/);
    }
  }
});

test("a terminal gets no control character but line feeds, and JSON means the same without one", () => {
  for (const text of hostile) {
    const review = filledReview(text);
    expect(renderReview(review, { color: false }).replaceAll("\n", ""), JSON.stringify(text)).not.toMatch(unseen);
    const json = renderJson(review);
    expect(json.replaceAll("\n", ""), JSON.stringify(text)).not.toMatch(unseen);
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(review)));
  }
});
