import type { IConstruct } from "constructs";
import { cdktf } from "./cdktf.ts";
import { LiteralResource, type Fragment } from "./literal-resource.ts";

/** Adds the literal resources below `stack` to the JSON that CDK for Terraform has made of everything else. */
export function withLiteralResources(stack: IConstruct, json: Fragment): Fragment {
  const resources = new Map(Object.entries(sectionOf(json["resource"])).map(([type, byName]) => [type, { ...sectionOf(byName) }]));
  for (const element of stack.node.findAll()) {
    if (!(element instanceof LiteralResource)) continue;
    const fragment = element.hasOverrides ? withoutTokens(element, element.fragment()) : element.fragment();
    for (const [type, byName] of Object.entries(sectionOf(fragment["resource"]))) {
      resources.set(type, Object.assign(resources.get(type) ?? {}, byName));
    }
  }
  return { ...json, resource: Object.fromEntries(resources) };
}

function sectionOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function withoutTokens(scope: IConstruct, fragment: Fragment): Fragment {
  const resolver = new cdktf.DefaultTokenResolver(new cdktf.StringConcat());
  return cdktf.Tokenization.resolve(fragment, { scope, resolver, preparing: false }) as Fragment;
}
