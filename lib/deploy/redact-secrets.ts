import { resolve } from "node:path";
import { seedSecrets } from "../lab/seed-identity.ts";
import { nameOfSecret } from "../lab/text.ts";
import type { Deployed } from "./deployed.ts";
import { readSecret } from "./read-secrets.ts";

/** Shorter values would black out ordinary words. */
const shortest = 4;

/**
 * Makes a function that takes a lab's secrets out of text, as far as they can be read here: day-2 commands work without them, and what nobody knows here cannot
 * be recognized.
 */
export async function redactSecrets({ lab, state }: Deployed, env: Readonly<NodeJS.ProcessEnv>): Promise<(text: string) => string> {
  const references = new Map(
    Object.values(lab.sandboxes)
      .flatMap(seedSecrets)
      .map((reference) => [nameOfSecret(reference), reference]),
  );
  const values: [value: string, name: string][] = [];
  for (const [name, reference] of references) {
    const value = (await readSecret(reference, { env, directory: resolve(state.root, "../..") }))?.trim() ?? "";
    // A file's lines, too: a program that prints a key prints it line by line.
    for (const part of [value, ...value.split("\n").map((line) => line.trim())]) if (part.length >= shortest) values.push([part, name]);
  }
  // Longest first, so that a secret within another one does not leave its rest.
  values.sort(([one], [other]) => other.length - one.length);
  return (text) => values.reduce((redacted, [value, name]) => redacted.replaceAll(value, () => name), text);
}
