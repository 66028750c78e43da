import { commandsOf } from "../commands.ts";
import type { ConfigRule, Finding, PartRule, RuleText } from "../rule.ts";
import { sayPath } from "../schema/say-violation.ts";

const text: RuleText = {
  code: "CLOUD_INIT_LOOKALIKE_CHARACTER",
  severity: "warning",
  because:
    "Word processors and web pages put typographic quotes, dashes and spaces where a shell wants plain ones: “a b” are two words to it, –f is no option. U+FFFD means that the file was not UTF-8. Other characters, such as ü, are fine.",
  example: {
    bad: "#!/bin/sh\necho “hello world”\n",
    good: '#!/bin/sh\necho "hello world"\n',
  },
};

const lookalikes: readonly (readonly [RegExp, string])[] = [
  [/[\u201c\u201d\u201e]/u, 'a typographic quote, where a shell knows " only'],
  [/[\u2018\u2019\u201a]/u, "a typographic quote, where a shell knows ' only"],
  [/\s[\u2013\u2014](?=[A-Za-z])/u, "a dash that is no hyphen before an option"],
  [/[\u00a0\u2007\u202f]/u, "a space that does not separate words"],
  [/[\u200b-\u200d\u2060\ufeff]/u, "an invisible character"],
  [/\ufffd/u, "a character that was not UTF-8 (U+FFFD)"],
];

/** Characters in commands that only look right. */
export const lookalikeRule: ConfigRule = {
  ...text,
  checkConfig: ({ value }) =>
    commandsOf(value).flatMap(({ path, shell }): Finding[] => {
      const found = lookalikes.find(([pattern]) => pattern.test(shell));
      return found ? [{ ...said(found[1], sayPath(path)), path }] : [];
    }),
};

/** The same in scripts. */
export const scriptLookalikeRule: PartRule = {
  ...text,
  checkPart: ({ kind, name, text }) => {
    if (kind !== "script" && kind !== "boothook") return [];
    return lookalikes.flatMap(([pattern, what]): Finding[] => {
      const found = pattern.exec(text);
      return found ? [{ ...said(what, name), at: { offset: found.index + (found[0].length - 1), length: 1 } }] : [];
    });
  },
};

function said(what: string, where: string): Pick<Finding, "summary" | "nextStep"> {
  return { summary: `${where} has ${what}`, nextStep: "Type the character anew, as plain ASCII." };
}
