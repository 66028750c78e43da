// Made by `npm run generate` from schemas/lab. Do not edit.
import type { ErrorObject } from "ajv";
import type { WrittenLab } from "./written-lab.ts";

/** Checks a lab as written against the schema; all findings are in `errors`. */
declare const validate: {
  (data: unknown): data is WrittenLab;
  errors?: ErrorObject[] | null;
};
export default validate;
