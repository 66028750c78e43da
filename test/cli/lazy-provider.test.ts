import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const project = resolve(import.meta.dirname, "../..");

/** All of our modules that a module loads before it is asked for anything: what `import(…)` and `import type` name is not among them. */
function loadedWith(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  const text = readFileSync(join(project, file), "utf8");
  for (const [, names = "", target = ""] of text.matchAll(/^(?:import|export) (?!type )(?:([^"';]*?) from )?"(\.[^"]+\.ts)"/gms)) {
    const onlyTypes = /^\{(\s*type [^,}]+,?)+\s*\}$/.test(names);
    if (!onlyTypes) loadedWith(relative(project, resolve(project, dirname(file), target)), found);
  }
  return found;
}

const commands = readdirSync(join(project, "lib/cli/commands")).filter((name) => !name.startsWith("provider-"));

test.each(["main.ts", ...commands.map((name) => `commands/${name}`)])(
  "lib/cli/%s loads our own provider only when a session wants it",
  (name) => {
    expect([...loadedWith(`lib/cli/${name}`)].filter((file) => file.startsWith("lib/provider/"))).toEqual([]);
  },
);

test("the check itself finds what is loaded", () => {
  expect([...loadedWith("lib/cli/commands/provider-install.ts")].some((file) => file.startsWith("lib/provider/serve/"))).toBe(true);
});
