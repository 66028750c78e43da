import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generatedFiles } from "../../scripts/generated-files.ts";

test("the files on disk are what the schema makes: run `npm run generate` where they are not", async () => {
  const root = new URL("../../", import.meta.url);
  for (const { path, text } of await generatedFiles()) {
    expect(readFileSync(new URL(path, root), "utf8") === text, `${path} is out of date: run npm run generate`).toBe(true);
  }
});
