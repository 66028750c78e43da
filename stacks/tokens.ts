import type { IConstruct } from "constructs";
import type { Diagnostic } from "../lib/diagnostics/diagnostic.ts";
import { cdktf } from "../lib/synth/cdktf.ts";

/** A value with its CDK tokens replaced, and a diagnostic for each that only apply could know. */
export interface WithoutTokens<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Replaces CDK tokens (`Lazy`, `Token.asString`) in everything that was written. A lab is planned before Terraform runs, so a token that stands for
 * another resource's attribute has no value yet: `SEED_NEEDS_APPLY_VALUE`. Overrides are left alone: they go into Terraform's own language.
 */
export function withoutTokens<T>(scope: IConstruct, written: T): WithoutTokens<T> {
  const diagnostics: Diagnostic[] = [];
  const walk = (node: unknown, path: readonly (string | number)[]): unknown => {
    if (typeof node === "string" || cdktf.Token.isUnresolved(node)) return literal(scope, node, path, diagnostics);
    if (Array.isArray(node)) return node.map((item, index) => walk(item, [...path, index]));
    if (typeof node !== "object" || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, key === "overrides" ? value : walk(value, [...path, key])]));
  };
  return { value: walk(written, []) as T, diagnostics };
}

function literal(scope: IConstruct, node: unknown, path: readonly (string | number)[], diagnostics: Diagnostic[]): unknown {
  if (!cdktf.Token.isUnresolved(node)) return node;
  const fragments = typeof node === "string" ? cdktf.Tokenization.reverseString(node) : undefined;
  const values = fragments ? fragments.tokens.map((token) => resolve(scope, token)) : [resolve(scope, node)];
  const later = values.find((value): value is string => typeof value === "string" && /\$\{[^}]*\}/.test(value));
  if (later !== undefined) {
    diagnostics.push({
      code: "SEED_NEEDS_APPLY_VALUE",
      severity: "error",
      path,
      summary: `${path.join(".")} needs ${later}, which is known only when Terraform applies`,
      nextStep: "Use a value that is known before: a constant, a variable of your program, or a secret reference such as ${env:NAME}.",
    });
    return "";
  }
  return resolve(scope, node);
}

function resolve(scope: IConstruct, value: unknown): unknown {
  return cdktf.Tokenization.resolve(value, {
    scope,
    resolver: new cdktf.DefaultTokenResolver(new cdktf.StringConcat()),
    preparing: false,
  });
}
