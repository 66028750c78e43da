import type { LabSandbox } from "../../lab/lab.ts";
import { isSensitiveKey, maskSecrets } from "../mask-secrets.ts";

/** Keys of a sandbox's cloud-init under which something looks like a secret in plain text. */
export function plainSecretKeys({ cloudInit: { settings, ...cloudInit } }: LabSandbox): string[] {
  return Object.entries({ ...settings, ...cloudInit }).flatMap(([key, value]) => (hasSecret(key, value) ? [key] : []));
}

function hasSecret(key: string, value: unknown): boolean {
  if (typeof value === "string") return (isSensitiveKey(key) && value !== "") || maskSecrets(value) !== value;
  if (typeof value !== "object" || value === null) return false;
  // A reference is no secret; what stands around it may be one.
  if ("pieces" in value && Array.isArray(value.pieces))
    return value.pieces.some((piece: unknown) => typeof piece === "string" && maskSecrets(piece) !== piece);
  if (Array.isArray(value)) return value.some((item) => hasSecret(key, item));
  return Object.entries(value).some(([name, part]) => hasSecret(name, part));
}
