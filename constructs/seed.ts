import { Construct } from "constructs";
import { declare } from "../lib/lab/declare.ts";
import { writtenCloudInit, type CloudInitProps } from "./cloud-init.ts";
import type { Sandbox } from "./sandbox.ts";

/** A piece, as keys or built. */
export type SeedProps = CloudInitProps;

/**
 * A piece of what cloud-init does in a sandbox. Several add up in the order of the tree, after the sandbox's own `cloudInit`, as `CloudInit` says.
 *
 * @example new Seed(web, "nginx", { packages: ["nginx"] });
 */
export class Seed extends Construct {
  constructor(sandbox: Sandbox, id: string, props: SeedProps) {
    super(sandbox, id);
    declare(this, { kind: "seed", sandbox: sandbox.name, written: writtenCloudInit(props) });
  }
}
