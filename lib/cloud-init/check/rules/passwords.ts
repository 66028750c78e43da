import type { ConfigRule, Finding } from "../rule.ts";
import type { ValuePath } from "../schema/evaluate-schema.ts";
import { sayPath } from "../schema/say-violation.ts";
import { isMap } from "../schema/value-types.ts";

interface Password {
  readonly path: ValuePath;
  readonly text: string;
  /** What cloud-init takes it for. */
  readonly as: "text" | "hash" | "either";
}

/** A password that anybody can read who can read the seed. */
export const plainTextPasswordRule: ConfigRule = {
  code: "CLOUD_INIT_PLAIN_TEXT_PASSWORD",
  severity: "warning",
  because:
    "The password stands in the file, in the seed and in the guest's /var/lib/cloud as it is. A hash lets nobody log in; better still, log in with a key.",
  example: {
    bad: "#cloud-config\nchpasswd:\n  users: [{ name: bob, type: text, password: hunter2 }]\n",
    good: "#cloud-config\nchpasswd:\n  users: [{ name: bob, type: hash, password: '$6$salt$hash' }]\n",
  },
  checkConfig: ({ value }) =>
    passwordsOf(value)
      .filter(({ as, text }) => text !== "" && (as === "text" || (as === "either" && !isHash(text) && text !== "R" && text !== "RANDOM")))
      .map(({ path }): Finding => ({
        path,
        of: "key",
        secret: true,
        summary: `${sayPath(path)} is a password in plain text`,
        nextStep: "Use an SSH key, or a hash made with `openssl passwd -6`.",
      })),
};

/** A password where a hash is wanted. */
export const passwordNotHashedRule: ConfigRule = {
  code: "CLOUD_INIT_PASSWORD_NOT_HASHED",
  severity: "error",
  because:
    "`passwd`, `hashed_passwd` and passwords of type `hash` go into /etc/shadow as they are: with text that is no hash nobody can log in.",
  example: {
    bad: "#cloud-config\nusers: [default, { name: bob, lock_passwd: false, passwd: hunter2 }]\n",
    good: "#cloud-config\nusers: [default, { name: bob, lock_passwd: false, passwd: '$6$salt$hash' }]\n",
  },
  checkConfig: ({ value }) =>
    passwordsOf(value)
      .filter(({ as, text }) => as === "hash" && !isHash(text))
      .map(({ path }): Finding => ({
        path,
        of: "key",
        secret: true,
        summary: `${sayPath(path)} must be a hash, and is none`,
        nextStep: "Write what `openssl passwd -6` prints, in single quotes.",
      })),
};

function passwordsOf(value: Readonly<Record<string, unknown>>): Password[] {
  const { users, chpasswd, password } = value;
  return [
    ...listOf(users).flatMap((user, index) => passwordsOfUser(user, index)),
    ...(isMap(chpasswd) ? listOf(chpasswd["users"]).flatMap((entry, index) => passwordsOfChange(entry, index)) : []),
    ...(isMap(chpasswd) ? passwordsOfList(chpasswd["list"]) : []),
    ...(typeof password === "string" ? [{ path: ["password"], text: password, as: "either" as const }] : []),
  ];
}

const keysOfUser = {
  passwd: "hash",
  hashed_passwd: "hash",
  "hashed-passwd": "hash",
  plain_text_passwd: "text",
  "plain-text-passwd": "text",
} as const;

function passwordsOfUser(user: unknown, index: number): Password[] {
  if (!isMap(user)) return [];
  return Object.entries(keysOfUser).flatMap(([key, as]) => {
    const text = user[key];
    return typeof text === "string" ? [{ path: ["users", index, key], text, as }] : [];
  });
}

function passwordsOfChange(entry: unknown, index: number): Password[] {
  if (!isMap(entry) || typeof entry["password"] !== "string" || entry["type"] === "RANDOM") return [];
  return [{ path: ["chpasswd", "users", index, "password"], text: entry["password"], as: entry["type"] === "text" ? "text" : "hash" }];
}

function passwordsOfList(list: unknown): Password[] {
  const lines = typeof list === "string" ? list.split("\n") : listOf(list).filter((line) => typeof line === "string");
  return lines
    .flatMap((line) => {
      const text = /^[^:]+:(.*)$/.exec(line.trim())?.[1];
      return text === undefined ? [] : [{ path: ["chpasswd", "list"], text, as: "either" as const }];
    })
    .slice(0, 1);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** Forms of crypt(5), and what locks an account. */
function isHash(text: string): boolean {
  return text === "" || /^(?:\$[^$]+\$.+|[!*].*|x|[./0-9A-Za-z]{13}|_[./0-9A-Za-z]{19})$/.test(text);
}
