import { readFile } from "node:fs/promises";
import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { ProviderRelease } from "../provider/serve/mirror-layout.ts";
import { version } from "./version.ts";

/** Where the build puts the provider, seen from the bundled command, from the built library, and from the sources. */
const places = ["../provider/", "../../provider/", "../../dist/provider/"].map(
  (folder) => new URL(`${folder}terraform-provider-terrarium.cjs`, import.meta.url),
);

/**
 * The provider that comes with this Terrarium.
 *
 * @throws DiagnosticError NOTHING_FOUND in sources that have not been built
 */
export async function readProviderRelease(): Promise<ProviderRelease> {
  for (const place of places) {
    try {
      return { address: "terrarium.internal/terrarium/terrarium", version, program: await readFile(place) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  throw new DiagnosticError({
    code: "NOTHING_FOUND",
    severity: "error",
    summary: "the built provider is not there: provider/terraform-provider-terrarium.cjs",
    nextStep: "In a clone: `npm run build`. In an installed package: install it again.",
  });
}
