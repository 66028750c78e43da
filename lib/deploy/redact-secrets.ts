import { resolve } from "node:path";
import { seedSecrets } from "../lab/seed-identity.ts";
import { nameOfSecret } from "../lab/text.ts";
import type { Deployed } from "./deployed.ts";
import { readSecret } from "./read-secrets.ts";
import { redactor, type Redact } from "./redactor.ts";

/**
 * Makes a function that takes a lab's secrets out of text, as far as they can be read here: day-2 commands work without them, and what nobody knows here cannot
 * be recognized.
 */
export async function redactSecrets({ lab, state }: Deployed, env: Readonly<NodeJS.ProcessEnv>): Promise<Redact> {
  const references = new Map(
    Object.values(lab.sandboxes)
      .flatMap(seedSecrets)
      .map((reference) => [nameOfSecret(reference), reference]),
  );
  const values: [value: string, name: string][] = [];
  for (const [name, reference] of references) {
    values.push([(await readSecret(reference, { env, directory: resolve(state.root, "../..") })) ?? "", name]);
  }
  return redactor(values);
}
