import { Composer, Lexer, Parser, isNode, type CST, type Document, type Node } from "yaml";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceText } from "../diagnostics/source-text.ts";
import { problemsOf } from "./yaml-problems.ts";

/** How deep lists and maps may be nested. The lab language itself needs 8; networkConfig and overrides perhaps 20. */
const deepest = 100;

/** Names, values, spaces and marks in one file: some 6,000 sandboxes. It bounds the time that a hostile file can take. */
const mostLexemes = 300_000;

export interface YamlText {
  /** Absent where the file is empty or could not be read. */
  readonly root?: Node;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads one YAML 1.2 document. All syntax errors at once; never throws, however bad the text. */
export function readYaml(source: SourceText): YamlText {
  const { tokens, tooDeepAt, tooManyAt } = tokensOf(source.text);
  if (tooManyAt !== undefined) {
    return {
      diagnostics: [
        {
          code: "FILE_TOO_LARGE",
          severity: "error",
          summary: `expected at most ${mostLexemes.toLocaleString("en")} names, values and marks, found more`,
          nextStep: "Put large content into files of its own (userData: ./file) and repeated sandboxes into count or forEach.",
          source: source.range(tooManyAt, tooManyAt + 1),
        },
      ],
    };
  }
  if (tooDeepAt !== undefined) {
    return {
      diagnostics: [
        {
          code: "YAML_TOO_DEEP",
          severity: "error",
          summary: `expected at most ${deepest} lists and maps inside each other, found more`,
          nextStep: "Check the brackets and dashes here; a lab never needs such depth.",
          source: source.range(tooDeepAt, tooDeepAt + 1),
        },
      ],
    };
  }
  const version = tokens.find((token) => token.type === "directive" && /^%YAML\b(?! +1\.2\s*$)/.test(token.source));
  if (version?.type === "directive") {
    return {
      diagnostics: [
        {
          code: "YAML_VERSION",
          severity: "error",
          summary: `expected YAML 1.2, found "${version.source.trim()}"`,
          nextStep: "Remove the line. Mind that in YAML 1.2 yes, no, on and off are text: write true and false.",
          source: source.range(version.offset, version.offset + version.source.length),
        },
      ],
    };
  }
  const [first, second] = withoutStackTraces(() => documentsOf(tokens, source.text.length));
  const diagnostics = problemsOf(
    [first, second].flatMap((document) => document?.errors ?? []),
    source,
  );
  if (second && diagnostics.length === 0) {
    const start = second.range?.[0] ?? 0;
    diagnostics.push({
      code: "YAML_DOCUMENTS",
      severity: "error",
      summary: "expected one YAML document, found another one",
      nextStep: 'A lab is one document: remove the line "---", or keep each lab in its own file.',
      source: source.range(start, start + 3),
    });
  }
  const root = first?.contents;
  return diagnostics.length === 0 && isNode(root) ? { root, diagnostics } : { diagnostics };
}

/** The first two documents: whether there is a second one is all that counts. */
function documentsOf(tokens: readonly CST.Token[], end: number): Document[] {
  const documents: Document[] = [];
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false, stringKeys: true, logLevel: "silent" });
  for (const document of composer.compose(tokens, true, end)) {
    documents.push(document);
    if (documents.length === 2) break;
  }
  return documents;
}

/** The `yaml` package makes an `Error` for each mistake; in a file that is all mistakes, their stack traces take most of ten seconds. */
function withoutStackTraces<T>(run: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return run();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/**
 * Lexes and parses, and stops where the nesting is too deep: composing such a tree recurses, and so does V8's regular expression compiler on the
 * stack that is left, which ends the process.
 */
function tokensOf(text: string): { tokens: CST.Token[]; tooDeepAt?: number; tooManyAt?: number } {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    // The document itself and a scalar lie on the stack, too.
    if (parser.stack.length > deepest + 2) return { tokens, tooDeepAt: parser.offset };
    if (++lexemes > mostLexemes) return { tokens, tooManyAt: parser.offset };
  }
  for (const token of parser.end()) tokens.push(token);
  return { tokens };
}
