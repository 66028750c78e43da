import type { ConfigRule } from "../rule.ts";
import { sayPath } from "../schema/say-violation.ts";
import { isMap } from "../schema/value-types.ts";

const privateKey = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/;
const assignment =
  /^\s*(?:export\s+)?["']?[\w.-]*(?:password|passwd|secret|api[_-]?key|access[_-]?key|auth[_-]?token|token)["']?\s*[=:]\s*["']?[^\s"'$<{]{4,}/im;

/** A secret in a file that everybody in the guest may read. */
export const readableSecretRule: ConfigRule = {
  code: "CLOUD_INIT_READABLE_SECRET",
  severity: "warning",
  because:
    "A file of `write_files` is readable by every user of the guest, unless `permissions` say otherwise. This one has a private key or a password in it.",
  example: {
    bad: "#cloud-config\nwrite_files:\n  - path: /etc/app.conf\n    content: 'password=hunter2'\n",
    good: "#cloud-config\nwrite_files:\n  - path: /etc/app.conf\n    content: 'password=hunter2'\n    permissions: '0600'\n",
  },
  checkConfig: ({ value: { write_files: files } }) =>
    (Array.isArray(files) ? (files as unknown[]) : []).flatMap((file, index) => {
      if (!isMap(file) || !isWorldReadable(file["permissions"]) || !hasSecret(contentOf(file))) return [];
      const path = ["write_files", index, Object.hasOwn(file, "permissions") ? "permissions" : "path"];
      return [
        {
          path,
          summary: `${sayPath(["write_files", index])} looks like a secret, and every user of the guest may read it`,
          nextStep: 'Add permissions: "0600", and an owner if a service has to read it.',
        },
      ];
    }),
};

function hasSecret(content: string): boolean {
  return privateKey.test(content) || assignment.test(content);
}

function contentOf({ content, encoding }: Readonly<Record<string, unknown>>): string {
  if (content instanceof Uint8Array) return Buffer.from(content).toString("latin1");
  if (typeof content !== "string") return "";
  return encoding === "b64" || encoding === "base64" ? Buffer.from(content, "base64").toString("latin1") : content;
}

/** The last octal digit is what others may do; without permissions it is 4. */
export function isWorldReadable(permissions: unknown): boolean {
  if (permissions === undefined) return true;
  if (typeof permissions !== "string" || !/^(?:0o?)?[0-7]+$/.test(permissions)) return false;
  return (Number.parseInt(permissions.slice(-1), 8) & 4) !== 0;
}
