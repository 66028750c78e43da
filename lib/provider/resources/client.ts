import type { Hypervisor, Owner } from "../../hypervisor/hypervisor.ts";
import type { Provisioning } from "../../hypervisor/provisioning.ts";
import type { HostView } from "./host-view.ts";

/** What drivers can say without a host. */
export type DriverRules = Pick<Provisioning, "capabilities" | "networkChange" | "sandboxChange">;

/** A host that is connected. */
export interface OpenHost {
  readonly driver: Hypervisor & Provisioning;
  readonly view: HostView;
  /** How new sandboxes run there. */
  readonly accelerator: () => Promise<"hardware" | "emulation" | undefined>;
  /** Makes an image file into what the driver can place: verified, standalone. */
  readonly prepareImage: (file: string, signal: AbortSignal) => Promise<PreparedImage>;
}

export interface PreparedImage {
  readonly file: string;
  readonly digest: string;
}

/**
 * What the provider block makes. While a plan is made, any part of it may not be known yet; when it is applied, all is.
 *
 * Nothing is connected before `open` is called: a plan that creates everything needs no host.
 */
export interface Client {
  /** Undefined while it is unknown which hypervisor it is. */
  readonly rules: DriverRules | undefined;
  /** Prefix of names on the host. */
  readonly lab: string | undefined;
  readonly deployment: string | undefined;
  /** False while it is unknown which host it is. */
  readonly canOpen: boolean;
  /** Connects at the first call; an embedded host is brought up. @throws DiagnosticError as `ensureHost` */
  readonly open: () => Promise<OpenHost>;
  /** Absolute path of a file that the configuration names: relative ones start from Terraform's working directory. */
  readonly fileAt: (path: string) => string;
  /** SHA-256 of a file's content; undefined if there is no such file. */
  readonly digestOf: (file: string) => Promise<string | undefined>;
}

/** Which provider manages it, in an object's metadata. */
export const providerName = "terrarium";

/** Whose an object of this client is; undefined while a plan cannot know it. */
export function ownerOf({ lab, deployment }: Client, name: string, labels: Readonly<Record<string, string>> = {}): Owner | undefined {
  return lab === undefined || deployment === undefined ? undefined : { deployment, lab, name, provider: providerName, labels };
}

/** The same where something is applied, and everything is known. */
export function knownOwner(client: Client, name: string, labels: Readonly<Record<string, string>> = {}): Owner {
  const owner = ownerOf(client, name, labels);
  if (!owner) throw new Error("Expected lab and deployment of the provider block to be known when something is applied");
  return owner;
}

/** What a network or sandbox is called on the host, where all labs share the names. */
export function nameOnHost(owner: Pick<Owner, "lab" | "name">): string {
  return `${owner.lab}-${owner.name}`;
}
