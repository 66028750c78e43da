import type { Cidr } from "../../units/cidr.ts";
import type { Path } from "../path.ts";

/** A network to be planned. */
export interface NetworkRequest {
  readonly name: string;
  /** True for the network of one sandbox. */
  readonly own: boolean;
  /** As written, where it is. */
  readonly cidr?: Cidr;
  readonly reserve?: number;
  /** Name of its bridge, where it is to be another than the planned one. */
  readonly bridge?: string;
  /** Where diagnostics point. */
  readonly path: Path;
}

/** A NIC that needs an address. */
export interface AddressRequest {
  readonly sandbox: string;
  readonly network: string;
  /** Which of the sandbox's NICs in this network, from 0. */
  readonly ordinal: number;
  /** As written, where it is. */
  readonly address?: string;
  /** Where diagnostics point. */
  readonly path: Path;
}

/** The key of a request in what `planAddresses` returns. */
export function addressKey({ sandbox, network, ordinal }: Pick<AddressRequest, "sandbox" | "network" | "ordinal">): string {
  return `${sandbox}/${network}/${ordinal}`;
}
