import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bootstrapRecipe, checkBootstrap, recipeDigest } from "../../lib/images/bootstrap-recipe.ts";
import type { BootstrapSource } from "../../lib/images/image-source.ts";

const debian: BootstrapSource = { kind: "bootstrap", distribution: "debian", suite: "bookworm", packages: [] };
const digest = (source: BootstrapSource): string => recipeDigest(bootstrapRecipe(source));
const packageName = fc.stringMatching(/^[a-z][a-z0-9+.-]{1,20}$/);

test("order and repetition of packages make no other image", () => {
  fc.assert(
    fc.property(fc.array(packageName), (packages) => {
      const shuffled = [...packages, ...packages].reverse();
      expect(digest({ ...debian, packages: shuffled })).toBe(digest({ ...debian, packages }));
    }),
  );
});

test("every part of a recipe makes another image", () => {
  const sources: BootstrapSource[] = [
    debian,
    { ...debian, suite: "trixie" },
    { ...debian, distribution: "ubuntu" },
    { ...debian, packages: ["nginx"] },
    { ...debian, packages: ["nginx", "curl"] },
    { ...debian, mirror: "http://mirror.test/debian" },
  ];
  expect(new Set(sources.map(digest)).size).toBe(sources.length);
});

test("a mirror's trailing slash makes no other image", () => {
  expect(digest({ ...debian, mirror: "http://mirror.test/debian/" })).toBe(digest({ ...debian, mirror: "http://mirror.test/debian" }));
});

test.each(["nginx", "libc6:i386", "nginx=1.22.1-9+deb12u1", "golang/bookworm-backports", "g++", "nano-"])("%s is a package", (name) => {
  expect(checkBootstrap({ ...debian, packages: [name] })).toEqual([]);
});

test.each(["", "-y", "--allow-unauthenticated", "?or(a,b)", "~i", "./evil.deb", "/tmp/evil.deb", "a,b", "a b", "a\nb", "$(id)", "é"])(
  "%j is refused as a package, by its place in the list",
  (name) => {
    expect(checkBootstrap({ ...debian, packages: ["nginx", name] })).toMatchObject([
      { code: "IMAGE_RECIPE_INVALID", path: ["packages", 1] },
    ]);
  },
);

test.each(["", "-x", "../x", "book worm", "Bookworm"])("%j is refused as a suite", (suite) => {
  expect(checkBootstrap({ ...debian, suite })).toMatchObject([{ code: "IMAGE_RECIPE_INVALID", path: ["suite"] }]);
});

test.each(["debian.org", "file:///srv/mirror", "http://a b", "https://", "http://x/[trusted=yes]"])(
  "%j is refused as a mirror",
  (mirror) => {
    expect(checkBootstrap({ ...debian, mirror })).toMatchObject([{ code: "IMAGE_RECIPE_INVALID", path: ["mirror"] }]);
  },
);
