import { expect, test } from "vitest";
import type { WrittenLab } from "../../../lib/lab/written-lab.ts";
import { commentMarker, renderMarkdown } from "../../../lib/review/forms/markdown.ts";
import { exampleReview, reviewBetween } from "../example-review.ts";
import { base } from "../labs.ts";

test("a comment begins with its marker, its sum and its losses, and folds the rest", async () => {
  const text = renderMarkdown(exampleReview());
  expect(text.startsWith(`${commentMarker}\n\n## Terrarium: `)).toBe(true);
  await expect(text).toMatchFileSnapshot("./example-comment.md.snap");
});

test("a change without an effect is a short comment", () => {
  expect(renderMarkdown(reviewBetween(base, base))).toMatch(/no sandbox is touched/);
});

test.each([1, 40])("a comment for 1,000 changes in %i labs stays under 60 KB and says what it left out, losses last", (labs) => {
  const many = (image: string): WrittenLab => ({
    lab: "large",
    images: { one: { url: "https://images.test/1.qcow2", sha256: image.repeat(64) } },
    sandboxes: { "a-sandbox-with-quite-a-long-name": { image: "one", count: 1000 / labs, labels: { x: image } } },
  });
  const one = reviewBetween(many("a"), many("b"));
  const text = renderMarkdown({ ...one, labs: Array.from({ length: labs }, () => one.labs[0]).flatMap((lab) => lab ?? []) });
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000);
  expect(text).toContain("1000 sandboxes lose data");
  const shown = [...text.matchAll(/is rebuilt and loses/g)].length;
  expect(text).toContain(`… and ${1000 - shown} more losses`);
  expect(text).toContain("This comment is cut at 60 KB");
  expect(shown).toBeGreaterThan(100);
});
