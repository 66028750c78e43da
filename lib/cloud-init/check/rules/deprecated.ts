import type { ConfigRule } from "../rule.ts";
import { sayPath } from "../schema/say-violation.ts";

/** What cloud-init still reads, and will not for ever. */
export const deprecatedRule: ConfigRule = {
  code: "CLOUD_INIT_DEPRECATED",
  severity: "warning",
  because:
    "cloud-init says so in its schema, by release. It still works in the image's version, and logs a deprecation; newer ones take it away.",
  example: {
    bad: "#cloud-config\napt_update: true\n",
    good: "#cloud-config\npackage_update: true\n",
  },
  checkConfig: ({ evaluation, version }) =>
    evaluation.deprecations
      .filter(({ path, since }) => sayPath(path) !== "chpasswd.list" && !isLater(since, version))
      .map(({ path, since, description }) => ({
        path,
        of: "key" as const,
        summary: `${sayPath(path)} is deprecated since cloud-init ${since}`,
        nextStep:
          description.replaceAll("**", '"').replaceAll("``", "") || "Look up what replaces it in cloud-init's reference of modules.",
      })),
};

/** `chpasswd.list`, with the way out. */
export const chpasswdListRule: ConfigRule = {
  code: "CLOUD_INIT_CHPASSWD_LIST",
  severity: "warning",
  because: "`chpasswd.list` is deprecated since cloud-init 22.2. `chpasswd.users` says what is a hash and what is not.",
  example: {
    bad: "#cloud-config\nchpasswd:\n  list: ['bob:$6$salt$hash']\n",
    good: "#cloud-config\nchpasswd:\n  users: [{ name: bob, password: '$6$salt$hash' }]\n",
  },
  checkConfig: ({ evaluation, version }) =>
    evaluation.deprecations
      .filter(({ path, since }) => sayPath(path) === "chpasswd.list" && !isLater(since, version))
      .map(({ path }) => ({
        path,
        of: "key" as const,
        secret: true,
        summary: "chpasswd.list is deprecated since cloud-init 22.2",
        nextStep: "Write chpasswd.users: [{ name: NAME, password: HASH }] instead.",
      })),
};

/** True if a release such as "23.1" came after `version`. */
function isLater(release: string, version: string): boolean {
  const [major = 0, minor = 0] = release.split(".").map(Number);
  const [ourMajor = 0, ourMinor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  return major > ourMajor || (major === ourMajor && minor > ourMinor);
}
