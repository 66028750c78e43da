import type { ConfigRule } from "../rule.ts";
import type { Violation } from "../schema/evaluate-schema.ts";
import { plainViolations, sayPath } from "../schema/say-violation.ts";
import { isMap } from "../schema/value-types.ts";

/** `- echo Status: up` is a map to YAML. */
export const commandIsMapRule: ConfigRule = {
  code: "CLOUD_INIT_COMMAND_IS_MAP",
  severity: "error",
  because:
    "A colon and a space make a map of a command that has no quotes around it. cloud-init cannot run a map: none of the commands runs.",
  example: {
    bad: "#cloud-config\nruncmd:\n  - echo Status: up\n",
    good: "#cloud-config\nruncmd:\n  - 'echo Status: up'\n",
  },
  checkConfig: ({ evaluation }) =>
    plainViolations(evaluation.violations)
      .filter(isCommandMap)
      .map(({ path }) => ({
        path,
        summary: `${sayPath(path)} is a map, not a command: YAML splits it at the colon`,
        nextStep: "Put the whole command into single quotes, or under `|`.",
      })),
};

export function isCommandMap({ path: [key], value }: Violation): boolean {
  return (key === "runcmd" || key === "bootcmd") && isMap(value);
}
