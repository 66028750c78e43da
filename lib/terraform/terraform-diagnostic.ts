import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { RawDiagnostic } from "./raw-diagnostic.ts";

/** What Terraform said, as one of our diagnostics, and the object it said it about. */
export interface TerraformDiagnostic {
  readonly diagnostic: Diagnostic;
  /** Terraform's address of the object, `libvirt_domain.sandbox_local_web`, or of a provider. `lib/deploy` finds the lab's line by it. */
  readonly address?: string;
  /** Terraform's own words, unless we noticed it without them. */
  readonly raw?: RawDiagnostic;
}
