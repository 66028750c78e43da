import { expect, test } from "vitest";
import { checkSettings, type CheckedSettings } from "../../lib/cloud-init/check-settings.ts";

const nothing: CheckedSettings = { bootCmd: [], runCmd: [], writeFiles: [], users: [] };

test("what is fine is not spoken of", () => {
  const users = [{}, { passwordHash: "$6$salt$hash" }];
  const writeFiles = [{ content: "password=hunter2", permissions: "0600" }];
  expect(checkSettings({ bootCmd: ["true"], runCmd: [["tail", "-n", "1", "/x"]], writeFiles, users })).toEqual([]);
});

test.each<[string, Partial<CheckedSettings>, object]>([
  [
    "a command that never ends",
    { bootCmd: ["sleep infinity"] },
    { code: "CLOUD_INIT_NEVER_ENDS", severity: "error", path: ["bootCmd", 0] },
  ],
  ["typographic quotes", { runCmd: ["true", "echo “a”"] }, { code: "CLOUD_INIT_LOOKALIKE_CHARACTER", path: ["runCmd", 1] }],
  [
    "a password that is no hash",
    { users: [{}, { passwordHash: "hunter2" }] },
    { code: "CLOUD_INIT_PASSWORD_NOT_HASHED", severity: "error", path: ["users", 1, "passwordHash"] },
  ],
  [
    "a private key for everybody",
    { writeFiles: [{ content: "-----BEGIN PRIVATE KEY-----", permissions: "0644" }] },
    { code: "CLOUD_INIT_READABLE_SECRET", path: ["writeFiles", 0, "permissions"] },
  ],
  [
    "a secret for everybody",
    { writeFiles: [{ content: "secret", permissions: "0644", secret: "${env:TOKEN}" }] },
    { code: "CLOUD_INIT_READABLE_SECRET", summary: expect.stringContaining("${env:TOKEN}") },
  ],
])("%s is told by the lab's names", (_what, settings, finding) => {
  const found = checkSettings({ ...nothing, ...settings });
  expect(found).toMatchObject([finding]);
  expect(JSON.stringify(found)).not.toMatch(/hunter2|runcmd|bootcmd|write_files|hashed_passwd/);
});

test("a secret in a file that also says so itself is told once", () => {
  const file = { content: "password=secret", permissions: "0644", secret: "${env:TOKEN}" };
  expect(checkSettings({ ...nothing, writeFiles: [file] })).toHaveLength(1);
});
