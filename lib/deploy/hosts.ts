import { execPath } from "node:process";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import { chooseHost } from "../host/choose-host.ts";
import type { EmbeddedHost } from "../host/embedded-host.ts";
import { probeAccelerator } from "../host/accelerator.ts";
import { proxyCommand } from "../host/proxy-command.ts";
import type { Hypervisor } from "../hypervisor/hypervisor.ts";
import { connectKvm } from "../hypervisor/kvm/connect.ts";
import { ensureImage } from "../images/ensure-image.ts";
import type { FetchOptions } from "../images/fetch-image.ts";
import type { ImageSource, Lab, LabHost } from "../lab/lab.ts";
import { variable } from "../../stacks/emit/names.ts";
import type { OnProgress } from "./progress.ts";

/** A host of the lab, as this machine reaches it. */
export interface DeployHost {
  /** Name in the lab. */
  readonly name: string;
  /** For Terraform's provider and virsh. */
  readonly uri: string;
  readonly hypervisor: Hypervisor;
  readonly accelerator: "kvm" | "tcg";
  /** Present if it is Terrarium's own. */
  readonly embedded?: EmbeddedHost;
  /** How ssh reaches guests; absent: directly. */
  readonly proxyCommand?: readonly string[];
  /** Puts an image under the fixed path; `digest` is what the lab says. */
  placeImage(digest: string, source: ImageSource, options: FetchOptions): Promise<void>;
}
