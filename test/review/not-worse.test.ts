import { expect, test } from "vitest";
import type { WrittenLab } from "../../lib/lab/written-lab.ts";
import { worseThan } from "../../lib/review/not-worse.ts";
import { reviewBetween } from "./example-review.ts";
import { base, withDb } from "./labs.ts";

const otherImage = (lab: WrittenLab): WrittenLab => ({
  ...lab,
  images: { "debian-12": { url: "https://images.test/debian-12.qcow2", sha256: "b".repeat(64) } },
});

test("what was reviewed is not worse than itself, and neither is less", () => {
  const reboot = reviewBetween(base, withDb({ cpus: 2 }));
  expect(worseThan(reboot, reboot)).toEqual([]);
  expect(worseThan(reviewBetween(base, base), reboot)).toEqual([]);
  expect(worseThan(reviewBetween(base, withDb({ labels: { a: "b" } })), reboot)).toEqual([]);
});

test("a harder verdict, a loss, a network and a lab that nobody has read about are worse", () => {
  const [same, reboot] = [reviewBetween(base, base), reviewBetween(base, withDb({ cpus: 2 }))];
  expect(worseThan(reboot, same)).toMatchObject([{ object: "sandbox db", reviewed: "none", now: "reboot" }]);
  expect(worseThan(reviewBetween(base, otherImage(base)), reboot).map(({ now }) => now)).toEqual(
    Array.from({ length: 3 }, () => "rebuild, loses root disk (10GiB)"),
  );
  const noDisk = reviewBetween(base, withDb({ disks: [] }));
  expect(worseThan(noDisk, reboot)).toMatchObject([{ object: "sandbox db", now: expect.stringContaining("disk data") as string }]);
  const block = reviewBetween(base, { ...base, networks: { front: { cidr: "10.21.0.0/24" } } });
  expect(worseThan(block, otherNames(block))).toHaveLength(4);
  expect(worseThan(block, same).some(({ object }) => object === "network front")).toBe(true);
});

/** The same review of another lab. */
function otherNames(review: ReturnType<typeof reviewBetween>): ReturnType<typeof reviewBetween> {
  return { ...review, labs: review.labs.map((lab) => ({ ...lab, lab: "other" })) };
}
