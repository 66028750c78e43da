import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { RawDiagnostic } from "./raw-diagnostic.ts";

const defaultHost = "registry.terraform.io";

/**
 * Recognizes that `init` found no provider of a wanted version, neither in a local directory nor in a registry,
 * and says where a copy can be put by hand.
 */
export function describeMissingProviders(
  { summary, detail }: RawDiagnostic,
  { constraints }: { readonly constraints: ReadonlyMap<string, string> },
): Pick<Diagnostic, "code" | "summary" | "nextStep"> | undefined {
  if (
    !/^(Failed to query available provider packages|Failed to install provider|Provider registry service is not available|Invalid provider registry host)/.test(
      summary,
    )
  ) {
    return undefined;
  }
  const name = /(?:for|query|installing)? ?provider (?:registry )?([\w.-]+(?::\d+)?(?:\/[\w-]+){1,2})/.exec(detail)?.[1];
  if (name === undefined || /checksums/.test(detail)) return undefined;
  const parts = name.split("/");
  const [host, namespace, type] = parts.length === 3 ? parts : [defaultHost, ...parts];
  const version = /given constraints (.+)$/m.exec(detail)?.[1] ?? constraints.get(name) ?? undefined;
  const exact = version !== undefined && /^(?:= *)?v?(\d+\.\d+\.\d+\S*)$/.exec(version)?.[1];
  return {
    code: "PROVIDER_MISSING",
    summary: `Terraform needs provider ${name}${version ? ` ${version}` : ""}, which is neither installed nor downloadable`,
    nextStep:
      `Let this machine reach ${host}, or put the provider's program into ` +
      `~/.terraform.d/plugins/${host}/${namespace}/${type}/${exact || "VERSION"}/OS_ARCH/ and try again.`,
  };
}

/**
 * Reads which version of which provider `init` looks for from what it logs:
 * `Finding matching versions for provider: dmacvicar/libvirt, version_constraint: "0.9.7"`.
 */
export function parseProviderConstraint(message: string): readonly [provider: string, constraint: string] | undefined {
  const match = /^Finding matching versions for provider: (\S+), version_constraint: "(.*)"$/.exec(message);
  return match?.[1] !== undefined && match[2] !== undefined ? [match[1], match[2]] : undefined;
}
