import type { ConfigRule, PartRule, RuleText } from "./rule.ts";
import { lookalikeRule, scriptLookalikeRule } from "./rules/characters.ts";
import { commandIsMapRule } from "./rules/command-is-map.ts";
import { defaultUserRule } from "./rules/default-user.ts";
import { chpasswdListRule, deprecatedRule } from "./rules/deprecated.ts";
import { headerRule, networkInTemplateRule } from "./rules/header.ts";
import { neverEndsRule, scriptNeverEndsRule } from "./rules/never-ends.ts";
import { gatewayRule, networkConfigRule } from "./rules/network-config.ts";
import { networkKeyRule } from "./rules/network-key.ts";
import { passwordNotHashedRule, plainTextPasswordRule } from "./rules/passwords.ts";
import { readableSecretRule } from "./rules/readable-secret.ts";
import { schemaRule, unknownKeyRule } from "./rules/schema.ts";
import { shebangRule } from "./rules/shebang.ts";
import { tabRule } from "./rules/tab.ts";
import { tooLargeRule } from "./rules/too-large.ts";
import { gzipText, yamlText } from "./rules/unreadable.ts";
import { yamlTypeRule } from "./rules/yaml-type.ts";

/** For the text as a whole, before it is split. */
export const textRules: readonly PartRule[] = [tooLargeRule];

/** For each part. */
export const partRules: readonly PartRule[] = [
  headerRule,
  networkInTemplateRule,
  tabRule,
  shebangRule,
  scriptNeverEndsRule,
  scriptLookalikeRule,
];

/** For each cloud-config. */
export const cloudConfigRules: readonly ConfigRule[] = [
  networkKeyRule,
  unknownKeyRule,
  schemaRule,
  yamlTypeRule,
  commandIsMapRule,
  neverEndsRule,
  lookalikeRule,
  defaultUserRule,
  passwordNotHashedRule,
  plainTextPasswordRule,
  readableSecretRule,
  chpasswdListRule,
  deprecatedRule,
];

/** For a network configuration, version 1 or 2. */
export const networkConfigRules: readonly ConfigRule[] = [networkConfigRule, gatewayRule];

/** A rule with what its example is. */
export interface DocumentedRule extends RuleText {
  readonly of: "user-data" | "network-config";
}

/** Every code once, for documentation and for the test of its examples. */
export const documentedRules: readonly DocumentedRule[] = [
  ...once([gzipText, headerRule, yamlText, ...cloudConfigRules, ...partRules, ...textRules]).map((rule) => ({
    ...rule,
    of: "user-data" as const,
  })),
  ...networkConfigRules.map((rule) => ({ ...rule, of: "network-config" as const })),
];

function once(rules: readonly RuleText[]): RuleText[] {
  return [...new Map(rules.map((rule) => [rule.code, rule])).values()];
}
