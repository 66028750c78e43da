import { createRequire } from "node:module";
import type * as Cdktf from "cdktf";

/**
 * The one place that resolves CDK for Terraform. It comes from the user's project (an optional peer), so that there is exactly one copy
 * beside the user's own constructs; in the CLI bundle the build replaces this file by `cdktf-bundled.ts`.
 *
 * @throws Error that names the package to install if there is none
 */
function resolveCdktf(): typeof Cdktf {
  const require = createRequire(import.meta.url);
  try {
    return require("cdktf") as typeof Cdktf;
  } catch (error) {
    if (!isMissing(error)) throw error;
    const alias = isThere(require, "cdktn");
    throw new Error(
      alias
        ? 'Terrarium imports CDK for Terraform as "cdktf", and only "cdktn" is installed. Add the alias: npm install cdktf@npm:cdktn@0.24'
        : 'Terrarium\'s constructs need CDK for Terraform. Install it: npm install cdktf@npm:cdktn@0.24 "constructs@>=10.6 <10.8"',
      { cause: error },
    );
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND" && error.message.includes("'cdktf'");
}

function isThere(require: NodeJS.Require, name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND") return false;
    throw error;
  }
}

export const cdktf = resolveCdktf();

/** Version of that copy; `App` writes it into the JSON. */
export const cdktfVersion: string = (createRequire(import.meta.url)("cdktf/package.json") as { version: string }).version;
