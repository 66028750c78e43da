import { createRequire } from "node:module";
import type { IConstruct } from "constructs";

/** The copy of CDK for Terraform that a construct's class comes from. */
export interface CdkLibrary {
  /** `cdktf` or `cdktn`: what the library calls itself, whatever it is installed as. */
  readonly name: string;
  readonly version: string;
  /** One of its classes. */
  readonly type: object;
}

/** jsii leaves this on every class: `{ fqn: "cdktn.TerraformStack", version: "0.24.0" }`. */
const typeInformation = Symbol.for("jsii.rtti");

/** Nothing for constructs that are not of CDK for Terraform. */
export function cdkLibraryOf(construct: IConstruct): CdkLibrary | undefined {
  for (let type: unknown = construct.constructor; typeof type === "function"; type = Object.getPrototypeOf(type)) {
    if (!Object.hasOwn(type, typeInformation)) continue;
    const { fqn, version } = (type as unknown as Record<symbol, { fqn: string; version: string }>)[typeInformation] ?? {};
    const [, name] = /^(cdktf|cdktn)\.[A-Z]/.exec(fqn ?? "") ?? [];
    if (name !== undefined && version !== undefined) return { name, version, type };
  }
  return undefined;
}

/** Folder of the package whose module exports the class; nothing if it was bundled into a program. */
export function cdkDirectoryOf({ type }: CdkLibrary): string | undefined {
  const modules = Object.values(createRequire(import.meta.url).cache);
  const module = modules.find((loaded) => /[\\/]lib[\\/][\w-]+\.js$/.test(loaded?.filename ?? "") && exportsOf(loaded).includes(type));
  return module?.filename.replace(/[\\/]lib[\\/][\w-]+\.js$/, "");
}

function exportsOf(module: NodeJS.Module | undefined): unknown[] {
  const exported: unknown = module?.exports;
  return typeof exported === "object" && exported !== null ? Object.values(exported) : [];
}
