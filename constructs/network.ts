import { Construct } from "constructs";
import { declare } from "../lib/lab/declare.ts";
import type { WrittenNetwork } from "../lib/lab/written-lab.ts";

/** What a network may say; see docs/reference/lab.md. */
export interface NetworkProps extends Omit<WrittenNetwork, "overrides"> {}

/**
 * A network of the lab.
 *
 * @example const front = new Network(lab, "front", { cidr: "10.20.0.0/24" });
 */
export class Network extends Construct {
  readonly #overrides: Record<string, unknown> = {};

  constructor(scope: Construct, id: string, props: NetworkProps = {}) {
    super(scope, id);
    declare(this, { kind: "network", name: id, written: { ...props, overrides: this.#overrides } });
  }

  /** The network's name in the lab. */
  get name(): string {
    return this.node.id;
  }

  /**
   * Reaches what the lab language does not model.
   *
   * @param path attribute path in the network's Terraform resource, dots between keys
   */
  addOverride(path: string, value: unknown): void {
    this.#overrides[path] = value;
  }
}
