import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { describeMissingProviders } from "./missing-provider.ts";
import type { RawDiagnostic } from "./raw-diagnostic.ts";

/** What is known beside the diagnostic itself. */
export interface ErrorContext {
  /** The version that the configuration wants, by provider: `dmacvicar/libvirt` → `0.9.7`. */
  readonly constraints: ReadonlyMap<string, string>;
  /** Where everything that Terraform said can be read. */
  readonly log?: string;
}

type Finding = Pick<Diagnostic, "code" | "summary" | "nextStep">;
type Recognize = (raw: RawDiagnostic, context: ErrorContext) => Finding | undefined;

/**
 * Gives an error of Terraform a precise code, one sentence and a next step where its text is known.
 * Texts: recorded from Terraform 1.11.4 and dmacvicar/libvirt 0.9.7 (test/fixtures/terraform), the rest read in Terraform's sources.
 *
 * @returns undefined for a text that is not known
 */
export function recognizeError(raw: RawDiagnostic, context: ErrorContext): Finding | undefined {
  for (const recognize of recognizers) {
    const finding = recognize(raw, context);
    if (finding) return finding;
  }
  return undefined;
}

const recognizers: readonly Recognize[] = [
  describeMissingProviders,

  ({ summary }) =>
    /^(Backend initialization required|Required plugins are not installed|Inconsistent dependency lock file|Module not installed)/.test(
      summary,
    )
      ? {
          code: "NOT_INITIALIZED",
          summary: "Terraform's working directory is not initialized for its configuration",
          nextStep: "Run terraform init in the working directory, then try again.",
        }
      : undefined,

  ({ detail }) =>
    /doesn't match any of the checksums|checksums previously recorded in the dependency lock file/.test(detail)
      ? {
          code: "PROVIDER_CHANGED",
          summary: "an installed provider is not the one that the dependency lock file recorded",
          nextStep: "If you replaced the provider on purpose, delete .terraform.lock.hcl in the working directory and try again.",
        }
      : undefined,

  ({ summary, detail }) => {
    if (summary !== "Error acquiring the state lock") return undefined;
    const field = (name: string) => new RegExp(`^ *${name}: +(\\S.*)$`, "m").exec(detail)?.[1];
    const holder = [field("Who") && `by ${field("Who")}`, field("Created") && `since ${field("Created")}`].filter(Boolean).join(" ");
    return {
      code: "STATE_LOCKED",
      summary: `the state is locked${holder && ` ${holder}`}`,
      // With a file on this machine the lock ends with its holder; a lock in a remote backend may be left over.
      nextStep:
        "Wait until the other run has ended, then try again." +
        (field("ID") ? ` If nobody runs any more, and the state is remote: terraform force-unlock ${field("ID")}` : ""),
    };
  },

  ({ summary }) =>
    /^Failed to (persist|save) state/i.test(summary)
      ? {
          code: "STATE_NOT_SAVED",
          summary: "Terraform could not save the state after it had changed objects",
          nextStep:
            "Make room or regain access to the state, then run terraform state push errored.tfstate in the working directory before anything else.",
        }
      : undefined,

  ({ summary }) =>
    /^Saved plan (is stale|does not match the given state)/.test(summary)
      ? { code: "PLAN_STALE", summary: "the saved plan was made for an older state", nextStep: "Make a new plan, read it, and apply that." }
      : undefined,

  ({ summary, detail }) => {
    if (summary !== "Unable to Connect to Libvirt") return undefined;
    const uri = /^URI: (.*)$/m.exec(detail)?.[1];
    const cause = /^Error: (.*)$/m.exec(detail)?.[1];
    return {
      code: "LIBVIRT_UNREACHABLE",
      summary: `the libvirt provider cannot connect${uri ? ` to ${uri}` : ""}${cause ? `: ${cause}` : ""}`,
      nextStep: `Check that libvirtd runs there and that you may use its socket: virsh -c ${uri ? `'${uri}'` : "URI"} version`,
    };
  },

  ({ summary, detail }, { log }) =>
    /^(Plugin did not respond|Request cancelled|Failed to (instantiate provider|load plugin schemas|obtain provider schema))/.test(
      summary,
    ) || /Unrecognized remote plugin message|plugin process exited|The plugin logs may contain more details/.test(detail)
      ? {
          code: "PROVIDER_CRASHED",
          summary: `a Terraform provider stopped answering (${summary})`,
          nextStep: `Try again; if it happens again, report it to the provider's maintainers${log ? ` with ${log}` : ""} (TF_LOG=debug says more).`,
        }
      : undefined,
];
