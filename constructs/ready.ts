import { Construct } from "constructs";
import { declare } from "../lib/lab/declare.ts";
import type { Sandbox } from "./sandbox.ts";

export interface ReadyProps {
  /**
   * The sandboxes to wait for.
   *
   * @default - all of the lab
   */
  readonly sandboxes?: readonly Sandbox[];
}

/**
 * Makes `cdktf deploy` wait until sandboxes are ready, as `terrarium apply` does by itself.
 *
 * @example new Ready(lab, "ready");
 */
export class Ready extends Construct {
  constructor(scope: Construct, id: string, { sandboxes = [] }: ReadyProps = {}) {
    super(scope, id);
    declare(this, { kind: "ready", sandboxes: sandboxes.map((sandbox) => sandbox.name) });
  }
}
