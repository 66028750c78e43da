import type { SourceRange } from "../diagnostics/diagnostic.ts";
import type { Path } from "../lab/path.ts";

/** A place in a file of the repository, counted from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The place of a path in a lab file (`lib/labfile/locate.ts`). */
export type FindPlace = (path: Path) => SourceRange | undefined;

export function placeOf(source: SourceRange | undefined): Place | undefined {
  return source && { file: source.file, line: source.line, column: source.column };
}

/** `lab.yaml:12` */
export function placeText({ file, line }: Place): string {
  return `${file}:${line}`;
}
