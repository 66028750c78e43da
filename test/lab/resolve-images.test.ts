import fc from "fast-check";
import { expect, test } from "vitest";
import { imageDigest as digestOfImages } from "../../lib/images/image-digest.ts";
import { imageDigest } from "../../lib/lab/image-digest.ts";
import { labOf, normalized, said } from "./lab-fixtures.ts";

const digest = "a".repeat(64);
const other = "b".repeat(64);

test("a recipe's digest does not depend on the order of its packages, and on everything else it does", () => {
  const recipe = { kind: "bootstrap", distribution: "debian", suite: "bookworm", packages: ["b", "a"] } as const;
  const same = { ...recipe, packages: ["a", "b", "a"] };
  expect(imageDigest(same)).toBe(imageDigest(recipe));
  const others = [
    { ...recipe, suite: "trixie" },
    { ...recipe, packages: [] },
    { ...recipe, mirror: "http://a" },
  ];
  expect(new Set([recipe, ...others].map(imageDigest)).size).toBe(4);
});

/** As a lock of a release with another `recipeVersion` has it. */
const lockedAs = (packages: string[], mirror?: string) => {
  const lab = labOf(
    { web: {} },
    { images: { base: { bootstrap: { suite: "bookworm", packages, ...(mirror !== undefined && { mirror }) } } } },
  );
  const { lock } = normalized(lab);
  const { source } = lock.images["base"] ?? {};
  if (!source) throw new Error("Expected the image in the lock");
  return { lab, lock: { ...lock, images: { base: { source, digest } } } };
};

test("a recipe that the lock knows keeps its digest, whatever this release would call it and however the lab writes it now", () => {
  const names = fc.uniqueArray(fc.constantFrom("nginx", "curl", "git", "vim", "tmux"));
  fc.assert(
    fc.property(names, fc.boolean(), (packages, repeated) => {
      const { lock } = lockedAs(packages, "http://mirror.test/debian");
      const written = repeated ? [...packages.toReversed(), ...packages] : packages.toReversed();
      const again = labOf(
        { web: {} },
        { images: { base: { bootstrap: { suite: "bookworm", packages: written, mirror: "http://mirror.test/debian/" } } } },
      );
      const { lab, lock: next } = normalized(again, { lock });
      expect(lab.images["base"]?.digest).toBe(digest);
      expect(next.images["base"]?.digest).toBe(digest);
    }),
  );
});

test("another recipe gets its own digest, whatever the lock has under the image's name", () => {
  const { lock } = lockedAs(["nginx"]);
  const { lab } = normalized(lockedAs(["curl"]).lab, { lock });
  expect(lab.images["base"]?.digest).toBe(
    imageDigest({ kind: "bootstrap", distribution: "debian", suite: "bookworm", packages: ["curl"] }),
  );
});

test("images are found under the digest that the lab has for them", () => {
  const recipe = {
    kind: "bootstrap",
    distribution: "ubuntu",
    suite: "noble",
    packages: ["nginx", "curl"],
    mirror: "http://mirror.test/ubuntu/",
  } as const;
  expect(imageDigest(recipe)).toBe(digestOfImages(recipe));
  const download = { kind: "url", url: "https://a.test/b", sha256: digest } as const;
  expect(imageDigest(download)).toBe(digestOfImages(download));
});

const written = (sha256?: string) =>
  labOf({ web: {} }, { images: { base: { path: "./a.qcow2", ...(sha256 !== undefined && { sha256 }) } } });

test("a file's digest is the lab's, else the one just read, else the lock's", () => {
  expect(said(written())).toEqual(["IMAGE_DIGEST_UNKNOWN images.base"]);
  const { lab, lock } = normalized(written(), { imageDigests: new Map([["base", { digest, size: 5 }]]) });
  expect(lab.images["base"]).toEqual({ name: "base", source: { kind: "path", path: "./a.qcow2" }, digest, size: 5 });
  expect(normalized(written(), { lock }).lab.images["base"]).toEqual(lab.images["base"]);
  expect(normalized(written(), { lock, imageDigests: new Map([["base", { digest: other }]]) }).lab.images["base"]?.digest).toBe(other);
  expect(normalized(written(other), { lock }).lab.images["base"]).toMatchObject({ digest: other });
  expect(normalized(written(other), { lock }).lab.images["base"]?.size).toBeUndefined();
});

const fileAt = (path: string) => ({ images: { base: { path } } });

test("the lock's digest is for the path that it was read from", () => {
  const { lock } = normalized(labOf({ web: {} }, fileAt("./a.qcow2")), { imageDigests: new Map([["base", { digest }]]) });
  expect(said(labOf({ web: {} }, fileAt("./b.qcow2")), { lock })).toEqual(["IMAGE_DIGEST_UNKNOWN images.base"]);
});

test("an image that nobody uses needs no digest and is not in the lab", () => {
  const { lab } = normalized(labOf({ web: {} }, { images: { base: { bootstrap: { suite: "bookworm" } }, unused: { path: "./a.qcow2" } } }));
  expect(Object.keys(lab.images)).toEqual(["base"]);
});

test("an image comes from one place", () => {
  const images = { base: { bootstrap: { suite: "bookworm" } }, none: {}, both: { path: "./a", url: "https://a.test/b", sha256: digest } };
  expect(said(labOf({}, { images }))).toEqual(["IMAGE_WITHOUT_SOURCE images.both", "IMAGE_WITHOUT_SOURCE images.none"]);
});
