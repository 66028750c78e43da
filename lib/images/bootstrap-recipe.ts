import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { imageDigest, recipeVersion } from "../lab/image-digest.ts";
import type { BootstrapSource } from "./image-source.ts";

/** Everything that decides what a bootstrapped image contains, in one canonical form. */
export interface BootstrapRecipe {
  readonly version: number;
  readonly distribution: "debian" | "ubuntu";
  readonly suite: string;
  readonly architecture: "amd64";
  /** The user's packages: sorted, each once. */
  readonly packages: readonly string[];
  /** `null`: the machine's own apt sources where they are of this suite, else the distribution's mirror. */
  readonly mirror: string | null;
}

/**
 * The canonical recipe of a declaration: order and repetition of packages make no difference.
 *
 * @example bootstrapRecipe({ kind: "bootstrap", distribution: "debian", suite: "bookworm", packages: [] }).architecture // "amd64"
 */
export function bootstrapRecipe({ distribution, suite, packages, mirror }: BootstrapSource): BootstrapRecipe {
  return {
    version: recipeVersion,
    distribution,
    suite,
    architecture: "amd64",
    packages: [...new Set(packages)].sort(),
    mirror: mirror === undefined ? null : mirror.replace(/\/+$/, ""),
  };
}

/** SHA-256 (hex) of the canonical recipe: the identity of the image, the same on every machine. Packages move on with the archive; the name does not. */
export function recipeDigest({ distribution, suite, packages, mirror }: BootstrapRecipe): string {
  return imageDigest({ kind: "bootstrap", distribution, suite, packages, ...(mirror !== null && { mirror }) });
}

// What apt takes as a package: name, optional architecture, `=version` or `/suite`, a trailing `-` to leave it out. Patterns and paths are not packages.
const packagePattern = /^[a-z0-9][a-z0-9+.-]+(:[a-z0-9]+)?(=[A-Za-z0-9.+:~-]+|\/[a-z][a-z0-9-]*)?$/;
const suitePattern = /^[a-z][a-z0-9.-]*$/;

/**
 * Checks a declaration before anything is run with it.
 *
 * @returns an empty array where the recipe can be built; never throws
 */
export function checkBootstrap({ suite, packages, mirror }: BootstrapSource): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const refuse = (path: (string | number)[], summary: string, nextStep: string): void => {
    diagnostics.push({ code: "IMAGE_RECIPE_INVALID", severity: "error", path, summary, nextStep });
  };
  if (!suitePattern.test(suite)) {
    refuse(
      ["suite"],
      `expected the name of a suite, got ${JSON.stringify(suite)}`,
      'Name the suite as its archive does: "bookworm", "noble".',
    );
  }
  for (const [index, name] of packages.entries()) {
    if (packagePattern.test(name)) continue;
    refuse(
      ["packages", index],
      `expected the name of a package, got ${JSON.stringify(name)}`,
      "Name it as apt-get install takes it, for example nginx.",
    );
  }
  if (mirror !== undefined && !isMirror(mirror)) {
    refuse(["mirror"], `expected an http or https address, got ${JSON.stringify(mirror)}`, "For example: http://mirror.example/debian.");
  }
  return diagnostics;
}

function isMirror(text: string): boolean {
  return /^https?:\/\/[^\s[\]]+$/.test(text) && URL.canParse(text);
}
