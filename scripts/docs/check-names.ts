import { codeSpans, readPage, type Page, type Problem } from "./markdown.ts";

/** Names in capitals with underscores: codes of diagnostics, environment variables. */
export function capitalNames(text: string): string[] {
  return [...text.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g)].map(([name]) => name);
}

/** Checks that codes and environment variables that a page names in code spans are `known`. */
export function checkNames(page: Page, known: ReadonlySet<string>): Problem[] {
  return readPage(page).prose.flatMap(({ line, text }) =>
    codeSpans(text)
      .flatMap(capitalNames)
      .filter((name) => !known.has(name))
      .map((name) => ({ path: page.path, line, text: `nothing in the code knows ${name}` })),
  );
}
