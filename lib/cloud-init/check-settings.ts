import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { Config } from "./check/config.ts";
import type { ConfigRule, Finding } from "./check/rule.ts";
import { lookalikeRule } from "./check/rules/characters.ts";
import { neverEndsRule } from "./check/rules/never-ends.ts";
import { passwordNotHashedRule } from "./check/rules/passwords.ts";
import { isWorldReadable, readableSecretRule } from "./check/rules/readable-secret.ts";
import type { ValuePath } from "./check/schema/evaluate-schema.ts";

/** Those keys of a lab's cloud-init whose texts can be wrong though their types are right. Secrets are a word in their places. */
export interface CheckedSettings {
  readonly bootCmd: readonly (string | readonly string[])[];
  readonly runCmd: readonly (string | readonly string[])[];
  readonly writeFiles: readonly {
    readonly content: string;
    readonly permissions: string;
    /** Name of a secret in the content, as it is written. */
    readonly secret?: string;
  }[];
  /** `passwordHash` is absent where it is a secret. */
  readonly users: readonly { readonly passwordHash?: string }[];
}

/** Something found, with its place below `cloudInit`: `["runCmd", 2]`. */
export type SettingFinding = Diagnostic & { readonly path: ValuePath };

const rules: readonly ConfigRule[] = [neverEndsRule, lookalikeRule, passwordNotHashedRule, readableSecretRule];

/** How cloud-init spells what rules name. */
const spellings = [
  ["bootcmd", "bootCmd"],
  ["runcmd", "runCmd"],
  ["write_files", "writeFiles"],
  ["hashed_passwd", "passwordHash"],
] as const;

/**
 * Checks typed keys by the rules for user-data. Wrong types and unknown keys are the lab language's own business.
 *
 * @example checkSettings({ bootCmd: ["sleep infinity"], runCmd: [], writeFiles: [], users: [] })[0].code // "CLOUD_INIT_NEVER_ENDS"
 */
export function checkSettings({ bootCmd, runCmd, writeFiles, users }: CheckedSettings): SettingFinding[] {
  const value = {
    bootcmd: bootCmd,
    runcmd: runCmd,
    write_files: writeFiles.map(({ content, permissions }) => ({ content, permissions })),
    users: users.map(({ passwordHash }) => (passwordHash === undefined ? {} : { hashed_passwd: passwordHash })),
  };
  // None of these rules asks the schema.
  const config = new Config({ value, schema: {}, version: "0" });
  const found = rules.flatMap((rule) => rule.checkConfig(config).map((finding) => asDiagnostic(rule, finding)));
  const named = writeFiles.flatMap(({ permissions, secret }, index) => {
    const path = ["writeFiles", index, "permissions"];
    if (secret === undefined || !isWorldReadable(permissions) || found.some((other) => other.path.join() === path.join())) return [];
    const { code, severity } = readableSecretRule;
    const summary = `writeFiles[${index}] holds the secret ${secret}, and every user of the guest may read it`;
    return [{ code, severity, path, summary, nextStep: 'Set permissions: "0600", and an owner if a service has to read it.' }];
  });
  return [...found, ...named];
}

function asDiagnostic({ code, severity }: ConfigRule, { summary, nextStep, path = [], severity: own }: Finding): SettingFinding {
  return { code, severity: own ?? severity, path: path.map(inLab), summary: inLab(summary), nextStep: inLab(nextStep) };
}

function inLab<T extends string | number>(text: T): T | string {
  return typeof text === "string" ? spellings.reduce<string>((said, [theirs, ours]) => said.replaceAll(theirs, ours), text) : text;
}
