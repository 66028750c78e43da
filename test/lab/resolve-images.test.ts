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
