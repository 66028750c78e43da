import type { Construct } from "constructs";
import type { Expression, HostMeta } from "../host-resource.ts";
import { TerrariumResource } from "./resource.ts";

export interface TerrariumSandboxConfig {
  readonly name: string;
  readonly cpus: number;
  readonly max_cpus?: number;
  /** With its unit. */
  readonly memory: string;
  /** With its unit. */
  readonly max_memory?: string;
  /** Ids, the one to boot from first. */
  readonly disks: readonly Expression[];
  readonly seed?: Expression;
  readonly nics: readonly { readonly network: Expression; readonly mac: Expression; readonly address?: string }[];
  /** Host ports that are absent are chosen, and kept. */
  readonly forwards?: Readonly<
    Record<
      string,
      { readonly protocol: "tcp" | "udp"; readonly host_address?: string; readonly host_port?: number; readonly guest_port: number }
    >
  >;
  readonly labels: Readonly<Record<string, string>>;
  readonly autostart: boolean;
  readonly protect: boolean;
  /** With its unit. */
  readonly shutdown_timeout: string;
}

/** `terrarium_sandbox` */
export class TerrariumSandbox extends TerrariumResource<TerrariumSandboxConfig> {
  constructor(scope: Construct, address: string, config: TerrariumSandboxConfig, meta: HostMeta) {
    super(scope, address, "terrarium_sandbox", config, meta);
  }
}
