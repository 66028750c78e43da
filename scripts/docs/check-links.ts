import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { anchorsOf, readPage, type Page, type Problem } from "./markdown.ts";

/** Checks that relative links and pictures name files that are there, and anchors that these files have. Addresses on the Internet are not looked up. */
export function checkLinks(page: Page, pages: readonly Page[], root: string): Problem[] {
  const problems: Problem[] = [];
  for (const { line, text } of readPage(page).prose) {
    for (const target of targetsOf(text)) {
      const wrong = checkTarget(target, page, pages, root);
      if (wrong !== undefined) problems.push({ path: page.path, line, text: wrong });
    }
  }
  return problems;
}

function targetsOf(text: string): string[] {
  const withoutCode = text.replaceAll(/`[^`]*`/g, "");
  const markdown = [...withoutCode.matchAll(/\]\(([^)\s]+)[^)]*\)/g)];
  const html = [...withoutCode.matchAll(/(?:src|href|srcset)="([^"]+)"/g)];
  return [...markdown, ...html].flatMap(([, target]) => (target === undefined || /^[a-z]+:/.test(target) ? [] : [target]));
}

function checkTarget(target: string, page: Page, pages: readonly Page[], root: string): string | undefined {
  const [file = "", anchor] = target.split("#");
  const path = file === "" ? page.path : normalize(join(dirname(page.path), file));
  if (path.startsWith("..")) return `the link ${target} leads out of the project`;
  const known = pages.find((candidate) => candidate.path === path);
  if (!known && !existsSync(join(root, path))) return `the link ${target} names a file that is not there`;
  if (anchor === undefined) return undefined;
  const linked = known ?? { path, text: readFileSync(join(root, path), "utf8") };
  return anchorsOf(linked).has(anchor) ? undefined : `the link ${target} names a heading that ${path} does not have`;
}
