/** A secret that is not in the lab but named by it: an environment variable or a file, read in *prepare* only. */
export type SecretReference = { readonly env: string } | { readonly file: string };

/**
 * Text that may have secrets in it. A plain string has none and is taken literally. The other form is a list of literal pieces
 * and references; it goes through JSON unchanged, and no stage before *prepare* can read the secret from it.
 *
 * @example { pieces: ["password=", { env: "DB_PASSWORD" }, "\n"] }
 */
export type Text = string | { readonly pieces: readonly (string | SecretReference)[] };

const token = /\$(\$?)\{(?:env:([A-Za-z_][A-Za-z0-9_]*)|file:((?:\/|\.\/|\.\.\/|~\/)[^}]*)|(var|each):[A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * Splits text as written at its secret references. `$${env:X}`, `$${file:/x}`, `$${var:X}`, `$${each:X}` become the literal with one `$`; everything else
 * (`${HOME}`, `${env:-x}`, `${file:0:3}`, `%{x}`, `$(…)`) is the guest's own and stays as it is.
 */
export function parseText(written: string): Text {
  if (!written.includes("${")) return written;
  const pieces: (string | SecretReference)[] = [];
  let literal = "";
  let end = 0;
  for (const match of written.matchAll(token)) {
    const [whole, escaped, env, file] = match;
    literal += written.slice(end, match.index);
    end = match.index + whole.length;
    if (escaped === "$") {
      literal += whole.slice(1);
    } else if (env !== undefined || file !== undefined) {
      if (literal !== "") pieces.push(literal);
      literal = "";
      pieces.push(env === undefined ? { file: file ?? "" } : { env });
    } else {
      literal += whole;
    }
  }
  literal += written.slice(end);
  if (pieces.length === 0) return literal;
  if (literal !== "") pieces.push(literal);
  return { pieces };
}

/** The references in it, in order, repeated ones repeated. */
export function secretsOf(text: Text): readonly SecretReference[] {
  return typeof text === "string" ? [] : text.pieces.filter((piece): piece is SecretReference => typeof piece !== "string");
}

/** The text with each reference replaced by what `reveal` says. */
export function fillText(text: Text, reveal: (reference: SecretReference) => string): string {
  return typeof text === "string" ? text : text.pieces.map((piece) => (typeof piece === "string" ? piece : reveal(piece))).join("");
}

/** As it would be written: `${env:NAME}`, `${file:PATH}`. For identities and for showing masked text. */
export function nameOfSecret(reference: SecretReference): string {
  return "env" in reference ? `\${env:${reference.env}}` : `\${file:${reference.file}}`;
}
