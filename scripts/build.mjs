// Builds dist/: the library by tsc (one .js and .d.ts per module), the command by esbuild (few files: importing hundreds costs start-up time).
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
process.chdir(project);
rmSync("dist", { recursive: true, force: true });

const tsc = join(dirname(require.resolve("typescript/package.json")), "bin/tsc");
execFileSync(process.execPath, [tsc, "--project", "tsconfig.build.json"], { stdio: "inherit" });

/** The command brings its own CDK; the library takes the user's. */
const ownCdk = {
  name: "own-cdk",
  setup: ({ onResolve }) => onResolve({ filter: /\/cdktf\.ts$/ }, () => ({ path: join(project, "lib/synth/cdktf-bundled.ts") })),
};

await build({
  entryPoints: { terrarium: "lib/cli/main.ts", connect: "lib/host/connect.ts" },
  outdir: "dist/bin",
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
  // CommonJS packages in an ES module bundle call require().
  banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
});
chmodSync("dist/bin/terrarium.js", 0o755);

// In a clone, `npx terrarium` finds the command like that of any installed package.
mkdirSync("node_modules/.bin", { recursive: true });
rmSync("node_modules/.bin/terrarium", { force: true });
symlinkSync("../../dist/bin/terrarium.js", "node_modules/.bin/terrarium");
