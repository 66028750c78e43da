import { stringify } from "yaml";
import type { LabSandbox } from "../lab/lab.ts";
import { nameOfSecret, type SecretReference } from "../lab/text.ts";
import { isSensitiveKey, maskSecrets } from "./mask-secrets.ts";

/**
 * What a sandbox declares of cloud-init, as text to compare: each secret by its name, whatever looks like a secret in plain text masked. Not what the guest reads; that is
 * `terrarium synth --seed`.
 */
export function cloudInitText({ user, sshKeys, seed, cloudInit }: LabSandbox): string {
  if (seed === "none") return "";
  const { settings, packages, runCmd, writeFiles, onChange, ...rest } = cloudInit;
  const filled = (list: readonly unknown[]): readonly unknown[] | undefined => (list.length === 0 ? undefined : list);
  const declared = {
    user,
    sshKeys: filled(sshKeys),
    ...settings,
    packages: filled(packages),
    runCmd: filled(runCmd),
    writeFiles: filled(writeFiles),
    ...rest,
    onChange,
  };
  return stringify(named("", declared), { lineWidth: 0, aliasDuplicateObjects: false });
}

function named(key: string, value: unknown): unknown {
  if (typeof value === "string") return isSensitiveKey(key) ? "***" : maskSecrets(value);
  if (typeof value !== "object" || value === null) return isSensitiveKey(key) && typeof value === "number" ? "***" : value;
  if ("pieces" in value && Array.isArray(value.pieces))
    return maskSecrets(
      value.pieces.map((piece: string | SecretReference) => (typeof piece === "string" ? piece : nameOfSecret(piece))).join(""),
    );
  if (Array.isArray(value)) return value.map((item) => named(key, item));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .map(([name, part]) => [name, named(name, part)]),
  );
}
