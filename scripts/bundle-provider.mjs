// Bundles a Terraform provider: node scripts/bundle-provider.mjs ENTRY PROGRAM. Also a part of build.mjs.
import { chmodSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * Makes one executable file, which `terrarium provider install` copies. It must stay `.cjs` wherever it goes: with Terraform's usual name
 * (`…_v1.2.3`) Node would refuse it in a folder whose package.json says "module", such as the `.terraform` of a project of CDK for Terraform.
 */
export async function bundleProvider(entry, program) {
  await build({
    entryPoints: [entry],
    outfile: program,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20",
    minify: true,
    keepNames: true,
    legalComments: "external",
    define: { "import.meta.url": "__fileUrl" },
    logOverride: { "empty-import-meta": "silent" },
    banner: { js: '#!/usr/bin/env node\nconst __fileUrl = require("node:url").pathToFileURL(__filename).href;' },
  });
  chmodSync(program, 0o755);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundleProvider(process.argv[2], process.argv[3]);
