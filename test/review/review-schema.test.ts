import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { exampleReview, reviewBetween } from "./example-review.ts";
import { writtenLabs } from "./generated-labs.ts";

const schema = JSON.parse(readFileSync(new URL("../../schemas/review.schema.json", import.meta.url), "utf8")) as object;
const validate = new Ajv2020({ strict: false }).compile(schema);

test("every review is what its schema says", () => {
  validate(JSON.parse(JSON.stringify(exampleReview())));
  expect(validate.errors).toBeNull();
  fc.assert(
    fc.property(writtenLabs("terrarium"), writtenLabs("terrarium"), (before, after) => {
      validate(JSON.parse(JSON.stringify(reviewBetween(before, after))));
      expect(validate.errors).toBeNull();
    }),
    { numRuns: 30 },
  );
});
