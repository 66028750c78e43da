import type { IConstruct } from "constructs";
import type { WrittenCloudInit, WrittenDisk, WrittenImage, WrittenNetwork, WrittenSandbox } from "./written-lab.ts";

/** What a construct says about the lab. Nothing is checked or filled in here: that is done once, for YAML and constructs alike. */
export type Declaration =
  | { readonly kind: "sandbox"; readonly name: string; readonly written: WrittenSandbox }
  | { readonly kind: "network"; readonly name: string; readonly written: WrittenNetwork }
  | { readonly kind: "image"; readonly name: string; readonly written: WrittenImage }
  | { readonly kind: "disk"; readonly name: string; readonly sandbox: string; readonly written: WrittenDisk }
  | { readonly kind: "seed"; readonly sandbox: string; readonly written: WrittenCloudInit }
  | { readonly kind: "ready"; readonly sandboxes: readonly string[] };

// Registered, so that two copies of this package in one tree still see each other's declarations.
const key = Symbol.for("terrarium/declaration");

/** Attaches a declaration to a construct. */
export function declare(construct: IConstruct, declaration: Declaration): void {
  Object.defineProperty(construct, key, { value: declaration });
}

/** The construct's declaration; undefined for constructs that are not ours. */
export function declarationOf(construct: IConstruct): Declaration | undefined {
  return (construct as { [key]?: Declaration })[key];
}
