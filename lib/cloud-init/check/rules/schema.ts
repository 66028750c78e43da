import leven from "leven";
import type { Config } from "../config.ts";
import type { ConfigRule, Finding } from "../rule.ts";
import { cloudInitSchema } from "../schema/cloud-init-schemas.ts";
import type { Schema, Violation } from "../schema/evaluate-schema.ts";
import { plainViolations, sayPath, sayViolation } from "../schema/say-violation.ts";
import { isMap } from "../schema/value-types.ts";
import { isCommandMap } from "./command-is-map.ts";
import { isMistakenType } from "./yaml-type.ts";

/** cloud-init's schema refuses a value. Violations that a more precise rule explains are left to it. */
export const schemaRule: ConfigRule = {
  code: "CLOUD_INIT_SCHEMA",
  severity: "error",
  because:
    "cloud-init's own schema refuses it. The module that reads it fails or passes over it, and `cloud-init status` says error or degraded.",
  example: {
    bad: "#cloud-config\npackages: nginx\n",
    good: "#cloud-config\npackages: [nginx]\n",
  },
  checkConfig: (config) =>
    plainViolations(config.evaluation.violations)
      .filter((violation) => violation.keyword !== "additionalProperties" && !isMistakenType(violation, config) && !isCommandMap(violation))
      .map((violation): Finding => refused(violation)),
};

/** A key that cloud-init does not know. */
export const unknownKeyRule: ConfigRule = {
  code: "CLOUD_INIT_UNKNOWN_KEY",
  severity: "error",
  because: "cloud-init ignores a key that it does not know, and `cloud-init status` says degraded.",
  example: {
    bad: "#cloud-config\npackage: [nginx]\n",
    good: "#cloud-config\npackages: [nginx]\n",
  },
  checkConfig: (config) =>
    plainViolations(config.evaluation.violations)
      .filter(({ keyword, key, path }) => keyword === "additionalProperties" && !(key === "network" && path.length === 0))
      .map((violation) => unknown(violation, config)),
};

function refused(violation: Violation): Finding {
  const { path, keyword } = violation;
  const said = sayViolation(violation);
  const expected = /^expected (.*?)(?:, found .*)?$/.exec(said)?.[1];
  return {
    path,
    of: keyword === "required" ? "key" : "value",
    summary: `cloud-init cannot use ${path.length === 0 ? "this" : sayPath(path)}: ${said}`,
    nextStep:
      keyword === "required" ? `Add "${violation.key}".` : expected === undefined ? "Correct it, or take it out." : `Write ${expected}.`,
  };
}

function unknown({ path, key = "", value }: Violation, config: Config): Finding {
  const full = [...path, key];
  const near = nearest(key, knownKeys(path, config), isMap(value) ? Object.keys(value) : []);
  return {
    path: full,
    of: "key",
    summary: `cloud-init does not know the key ${sayPath(full)}`,
    nextStep: near === undefined ? `Take it out, or look up its name in cloud-init's reference of modules.` : `Did you mean "${near}"?`,
  };
}

/** All names of keys in cloud-init's schema at the root; below it, those of its parent's key. */
function knownKeys(path: Violation["path"], { value }: Config): string[] {
  const root = cloudInitSchema("cloud-config");
  const top = Object.keys(root["properties"] ?? {});
  if (path.length === 0) return top;
  const module = Object.values(root["$defs"] as Record<string, Schema>);
  return "version" in value ? [] : [...new Set(module.flatMap(keysIn))];
}

function keysIn(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(keysIn);
  if (!isMap(schema)) return [];
  const own = isMap(schema["properties"]) ? Object.keys(schema["properties"]) : [];
  return [...own, ...Object.values(schema).flatMap(keysIn)];
}

function nearest(key: string, known: readonly string[], present: readonly string[]): string | undefined {
  const folded = (text: string): string => text.toLowerCase().replaceAll(/[-_]/g, "");
  const distances = known
    .filter((name) => !present.includes(name))
    .map((name) => ({ name, distance: leven(folded(name), folded(key)) }))
    .toSorted((one, other) => one.distance - other.distance);
  const [best] = distances;
  return best && best.distance <= Math.max(1, Math.floor(key.length / 3)) ? best.name : undefined;
}
