import type { Attributes, Config } from "./attribute.ts";
import type { DataSource } from "./data-source.ts";
import type { Problem } from "./problem.ts";
import type { Log, Resource } from "./resource.ts";

/**
 * A provider as Terraform knows it. `Client` is whatever its resources need: a connection, a driver.
 *
 * @example export const provider: Provider<Client, typeof schema> = { address: "example.test/acme/shelf", schema, configure, resources: [book], dataSources: [] };
 */
export interface Provider<Client, S extends Attributes = Attributes> {
  /** `HOST/NAMESPACE/TYPE`. */
  readonly address: string;
  /** Semantic version, without `v`. */
  readonly version: string;
  readonly description: string;
  /** Attributes of the `provider` block. */
  readonly schema: S;
  validate?(config: Config<S>): readonly Problem[];
  /** Called before anything is planned, and again in every phase. Values may be unknown in a plan. Connect late: many phases need no connection. */
  configure(config: Config<S>, context: { readonly log: Log; readonly terraformVersion: string }): Promise<Client>;
  readonly resources: readonly Resource<Attributes, Client>[];
  readonly dataSources: readonly DataSource<Attributes, Client>[];
}
