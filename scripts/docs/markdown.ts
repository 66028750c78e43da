/** A Markdown page as the checks see it. */
export interface Page {
  /** Relative to the project. */
  readonly path: string;
  readonly text: string;
}

/** Something wrong in a page. */
export interface Problem {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

export interface Block {
  /** Of the first line inside the fence, from 1. */
  readonly line: number;
  /** `yaml`, `sh` …; empty without one. */
  readonly language: string;
  readonly lines: readonly string[];
}

/** Text of a line and its number. */
export interface Line {
  readonly line: number;
  readonly text: string;
}

/** Cuts a page into fenced code blocks and the lines between them. */
export function readPage({ text }: Page): { readonly blocks: Block[]; readonly prose: Line[] } {
  const blocks: Block[] = [];
  const prose: Line[] = [];
  let open: { line: number; language: string; lines: string[] } | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const fence = /^ {0,3}```(\w*)/.exec(line);
    if (open && fence) {
      blocks.push(open);
      open = undefined;
    } else if (open) {
      open.lines.push(line);
    } else if (fence) {
      open = { line: index + 2, language: fence[1] ?? "", lines: [] };
    } else {
      prose.push({ line: index + 1, text: line });
    }
  }
  return { blocks, prose };
}

/** What `#…` may name in a page: its headings, as GitHub writes them, and explicit anchors. */
export function anchorsOf(page: Page): Set<string> {
  const anchors = new Set<string>();
  for (const { text } of readPage(page).prose) {
    const heading = /^#{1,6} (.+)$/.exec(text)?.[1];
    if (heading !== undefined) anchors.add(slug(heading));
    for (const [, id] of text.matchAll(/<a id="([^"]+)">/g)) if (id !== undefined) anchors.add(id);
  }
  return anchors;
}

function slug(heading: string): string {
  return heading
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(" ", "-");
}

/** The code spans of a line. */
export function codeSpans(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].flatMap(([, span]) => (span === undefined ? [] : [span]));
}
