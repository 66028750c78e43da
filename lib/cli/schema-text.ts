import { lab } from "../../schemas/lab/lab.ts";

/** The JSON Schema of lab files, as schemas/lab.schema.json has it. */
export function schemaText(): string {
  return `${JSON.stringify(lab, null, 2)}\n`;
}
