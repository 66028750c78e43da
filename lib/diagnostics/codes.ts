/**
 * Every code a user can meet, with one line that says what it means. docs/reference/diagnostics.md is generated from this table.
 * Codes are a contract: never renamed, never reused. Keep the groups, and the order inside each.
 */
export const diagnosticCodes = {
  // A lab file as text
  YAML_SYNTAX: "the file is not well-formed YAML",
  // A lab's rules
  UNKNOWN_KEY: "a key the lab language does not have",
} as const;

export type DiagnosticCode = keyof typeof diagnosticCodes;
