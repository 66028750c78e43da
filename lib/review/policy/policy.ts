export type PolicyLevel = "warn" | "deny";

/** What a repository allows. A rule that is absent is not applied. */
export interface Policy {
  /** No loss of data, no rebuild and no destruction of sandboxes with all of these labels; without labels of any. */
  readonly noLoss?: { readonly level: PolicyLevel; readonly labels: Readonly<Record<string, string>> };
  /** Images that are files have a `sha256`. */
  readonly imageDigest?: { readonly level: PolicyLevel };
  /** Images come from these places only: addresses (`https://images.example/debian/`), `bootstrap`, or paths. */
  readonly imageSources?: { readonly level: PolicyLevel; readonly allow: readonly string[] };
  /** No network on a bridge or a NIC of the host. */
  readonly noBridged?: { readonly level: PolicyLevel };
  /** Ports of the host that lead into a guest are open on the host itself only. */
  readonly loopbackForwards?: { readonly level: PolicyLevel };
  /** Nothing that looks like a secret in plain text. */
  readonly noPlainSecrets?: { readonly level: PolicyLevel };
  /** At most: of each sandbox, and of sandboxes in a lab. Bytes. */
  readonly limits?: {
    readonly level: PolicyLevel;
    readonly cpus?: number;
    readonly memory?: number;
    readonly disk?: number;
    readonly sandboxes?: number;
  };
  /** Labels that every sandbox has. */
  readonly requiredLabels?: { readonly level: PolicyLevel; readonly labels: readonly string[] };
}

export const policyRules = [
  "noLoss",
  "imageDigest",
  "imageSources",
  "noBridged",
  "loopbackForwards",
  "noPlainSecrets",
  "limits",
  "requiredLabels",
] as const satisfies readonly (keyof Policy)[];

export type PolicyRule = (typeof policyRules)[number];
