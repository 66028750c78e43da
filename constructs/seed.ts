import { Construct } from "constructs";
import { declare } from "../lib/lab/declare.ts";
import type { WrittenCloudInit } from "../lib/lab/written-lab.ts";
import type { Sandbox } from "./sandbox.ts";

/** What cloud-init does; see docs/reference/lab.md. */
export interface SeedProps extends WrittenCloudInit {}

/**
 * A piece of what cloud-init does in a sandbox. Several add up: lists append in the order of the tree, after the sandbox's own `cloudInit`.
 *
 * @example new Seed(web, "nginx", { packages: ["nginx"] });
 */
export class Seed extends Construct {
  constructor(sandbox: Sandbox, id: string, props: SeedProps) {
    super(sandbox, id);
    declare(this, { kind: "seed", sandbox: sandbox.name, written: props });
  }
}
