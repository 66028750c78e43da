import type { Attributes, Config, Known, State } from "./attribute.ts";
import type { Problem } from "./problem.ts";
import type { Context } from "./resource.ts";

/** Something that is read and never changed. */
export interface DataSource<S extends Attributes, Client> {
  readonly type: string;
  readonly description: string;
  readonly schema: S;
  validate?(config: Config<S>): readonly Problem[];
  /** Called when everything the user wrote is known. Throws if there is nothing to read. */
  read(config: Known<Config<S>>, context: Context<Client>): Promise<State<S>>;
}
