// Builds dist/: the library by tsc (one .js and .d.ts per module), the command by esbuild (few files: importing hundreds costs start-up time).
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bundleProvider } from "./bundle-provider.mjs";

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
process.chdir(project);

// Built aside and put in place at the end: a build that fails or is still running leaves the former one usable.
const workshop = mkdtempSync("node_modules/.terrarium-build-");
const output = join(workshop, "dist");
try {
  buildLibrary();
  await buildCommand();
  await bundleProvider("lib/provider/serve/main.ts", join(output, "provider/terraform-provider-terrarium.cjs"));
  putInPlace();
} finally {
  rmSync(workshop, { recursive: true, force: true });
}
linkCommand();

function buildLibrary() {
  const tsc = join(dirname(require.resolve("typescript/package.json")), "bin/tsc");
  execFileSync(process.execPath, [tsc, "--project", "tsconfig.build.json", "--outDir", output], { stdio: "inherit" });
  // The generated validator is JavaScript, which tsc passes over.
  for (const file of ["validate-lab.js", "validate-lab.d.ts"]) {
    mkdirSync(join(output, "schemas/generated"), { recursive: true });
    copyFileSync(join("schemas/generated", file), join(output, "schemas/generated", file));
  }
}

async function buildCommand() {
  /** The command brings its own CDK; the library takes the user's. */
  const ownCdk = {
    name: "own-cdk",
    setup: ({ onResolve }) => onResolve({ filter: /\/cdktf\.ts$/ }, () => ({ path: join(project, "lib/synth/cdktf-bundled.ts") })),
  };
  await build({
    entryPoints: { terrarium: "lib/cli/main.ts", connect: "lib/host/connect.ts", "forward-relay": "lib/hypervisor/kvm/forwards/relay.ts" },
    outdir: join(output, "bin"),
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    legalComments: "external",
    plugins: [ownCdk],
    // CommonJS packages in an ES module bundle call require() and read __filename (write-file-atomic does).
    banner: {
      js: [
        'import { createRequire as __createRequire } from "node:module";',
        'import { fileURLToPath as __fileURLToPath } from "node:url";',
        "const require = __createRequire(import.meta.url), __filename = __fileURLToPath(import.meta.url);",
      ].join(" "),
    },
  });
  chmodSync(join(output, "bin/terrarium.js"), 0o755);
}

function putInPlace() {
  // Several builds at once: the last one in place wins.
  for (let attempt = 1; ; attempt += 1) {
    if (existsSync("dist")) renameSync("dist", join(workshop, `former-${attempt}`));
    try {
      return renameSync(output, "dist");
    } catch (error) {
      if (error.code !== "ENOTEMPTY" || attempt === 10) throw error;
    }
  }
}

/** In a clone, `npx terrarium` finds the command like that of any installed package. */
function linkCommand() {
  mkdirSync("node_modules/.bin", { recursive: true });
  rmSync("node_modules/.bin/terrarium", { force: true });
  symlinkSync("../../dist/bin/terrarium.js", "node_modules/.bin/terrarium");
}
