import { expect, test } from "vitest";
import { imageDigest, isDigest } from "../../lib/images/image-digest.ts";

const sha256 = "ab".repeat(32);

test("a downloaded image is named by its declared checksum, however that is written", () => {
  expect(imageDigest({ kind: "url", url: "https://example.test/a.qcow2", sha256: sha256.toUpperCase() })).toBe(sha256);
});

test("the address of a downloaded image does not matter, only its checksum", () => {
  const one = imageDigest({ kind: "url", url: "https://one.test/a.qcow2", sha256 });
  expect(imageDigest({ kind: "url", url: "https://two.test/b.qcow2", sha256 })).toBe(one);
});

test("the digest of a recipe is the same on every machine and in every release", () => {
  // A change here renames every user's images: raise `recipeVersion` only when their content changes.
  expect(imageDigest({ kind: "bootstrap", distribution: "debian", suite: "bookworm", packages: [] })).toBe(
    "fbacbcdef57761b66a598658f7d11383bb8c6b9b6ac5aa73262be5b1f3f1b8e9",
  );
});

test.each(["", "ab", "g".repeat(64), "AB".repeat(32), `../${"a".repeat(61)}`])("%j does not name an image", (text) => {
  expect(isDigest(text)).toBe(false);
});
