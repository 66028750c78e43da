import { expect, test } from "vitest";
import { checkDiskSize } from "../../../lib/lab/rules/disk-size.ts";
import { Size } from "../../../lib/units/size.ts";
import { labOf, normalized, said } from "../lab-fixtures.ts";

const image = { name: "debian-13", size: Size.gibibytes(3).bytes };

test("a disk may have any size where the image's is not known", () => {
  expect(checkDiskSize({ size: 1, image: { name: "x" }, path: [] })).toEqual([]);
});

test("a disk may be exactly as large as its image", () => {
  expect(checkDiskSize({ size: image.size, image, path: [] })).toEqual([]);
});

test("a smaller disk is refused, naming both sizes and the way out", () => {
  expect(checkDiskSize({ size: Size.gibibytes(2).bytes, image, path: ["sandboxes", "web", "disk"] })).toMatchObject([
    {
      code: "DISK_SMALLER_THAN_IMAGE",
      summary: '2GiB cannot hold image "debian-13" (3GiB)',
      nextStep: "Set disk to at least 3GiB, or leave it out.",
    },
  ]);
});

const images = (size: string) => ({ base: { bootstrap: { suite: "bookworm" }, size } });

test("without a size the disk is 10 GiB, or as large as a larger image", () => {
  expect(normalized(labOf({ web: {} }, { images: images("3GiB") })).lab.sandboxes["web"]?.disk).toBe(Size.gibibytes(10).bytes);
  expect(normalized(labOf({ web: {} }, { images: images("20GiB") })).lab.sandboxes["web"]?.disk).toBe(Size.gibibytes(20).bytes);
});

test("the place is where the size was written, be it a profile", () => {
  const images = { base: { bootstrap: { suite: "bookworm" }, size: "20GiB" } };
  expect(said(labOf({ web: { profiles: "small" } }, { images, profiles: { small: { disk: "5GiB" } } }))).toEqual([
    "DISK_SMALLER_THAN_IMAGE profiles.small.disk",
  ]);
});
