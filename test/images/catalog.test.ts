import { expect, test } from "vitest";
import { checkBootstrap } from "../../lib/images/bootstrap-recipe.ts";
import { catalogImage, catalogNames } from "../../lib/images/catalog.ts";
import type { BootstrapSource } from "../../lib/images/image-source.ts";

test.each(catalogNames)("the catalogue's %s can be built", (name) => {
  const source = catalogImage(name);
  expect(source?.kind).toBe("bootstrap");
  expect(checkBootstrap(source as BootstrapSource)).toEqual([]);
});

test.each(["debain-12", "", "constructor", "__proto__"])("the catalogue has no %j", (name) => {
  expect(catalogImage(name)).toBeUndefined();
});
