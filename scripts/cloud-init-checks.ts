import { documentedRules, type DocumentedRule } from "../lib/cloud-init/check/rules.ts";
import { cloudInitSchemaVersion } from "../schemas/cloud-init/version.ts";

/** The page of the checks of user-data and network configurations: each with its example, which a test runs. */
export function cloudInitChecks(): string {
  return `${[
    "# Checks of cloud-init",
    "",
    "<!-- Made by `npm run generate` from lib/cloud-init/check/rules. Do not edit. -->",
    "",
    `What \`validate\`, \`synth\`, \`plan\` and \`apply\` say about user-data and network configurations before anything boots. Schemas: those of cloud-init ${cloudInitSchemaVersion}.`,
    "Typed keys of a lab (`runCmd`, `bootCmd`, `writeFiles`, `users`) go through the rules for commands, passwords and readable secrets. Deprecated keys of user-data are told by cloud-init's version in the image, once an image was looked into.",
    "Errors are what cloud-init would refuse, ignore or fail on; warnings stop nothing. A comment in the user-data silences a warning: `# terrarium: allow CODE, CODE`.",
    ...documentedRules.flatMap(section),
  ].join("\n")}\n`;
}

function section({ code, severity, because, example, of }: DocumentedRule): string[] {
  const language =
    of === "network-config" || example.bad.startsWith("#cloud-config") || example.bad.startsWith("# cloud") ? "yaml" : "text";
  return [
    ...["", `## ${code}`, "", `${severity === "error" ? "Error" : "Warning"}, in ${of}. ${because}`],
    ...["", `\`\`\`${language}`, shorten(example.bad), "```", "", "Fixed:", "", `\`\`\`${language}`, shorten(example.good), "```"],
  ];
}

/** An example whose size is the point is shown in part. */
function shorten(text: string): string {
  const lines = text.trimEnd().split("\n");
  return lines.length <= 20 ? lines.join("\n") : [...lines.slice(0, 6), `# … ${lines.length - 6} lines more`].join("\n");
}
