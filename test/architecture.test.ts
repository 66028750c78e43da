import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

/**
 * What each folder may import of our own. The longest matching folder counts. Its own folder is always allowed; `*` means everything.
 * Changed against the first table: `deploy` uses `stacks` (names of resources) and `review`; `terraform` uses `units`.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  "lib/cli": ["*"],
  "lib/deploy": [
    ...[
      "stacks",
      "lib/review",
      "lib/ready",
      "lib/world",
      "lib/host",
      "lib/images",
      "lib/ssh",
      "lib/terraform",
      "lib/hypervisor",
      "lib/cloud-init",
      "lib/seed",
    ],
    ...["lib/labfile", "lib/lab", "lib/git", "lib/units", "lib/diagnostics"],
  ],
  "lib/git": ["lib/diagnostics"],
  // The onion of our own provider: see its README.
  "lib/provider/serve": ["lib/provider/resources", "lib/provider/framework", "lib/provider/protocol", "lib/files", "lib/diagnostics"],
  "lib/provider/resources": [
    ...["lib/provider/framework", "lib/hypervisor", "lib/host", "lib/images", "lib/cloud-init", "lib/seed"],
    ...["lib/files", "lib/units", "lib/diagnostics"],
  ],
  "lib/provider/protocol": ["lib/provider/framework", "lib/diagnostics"],
  "lib/provider/framework": ["lib/diagnostics"],
  "lib/ready": ["lib/hypervisor", "lib/host", "lib/ssh", "lib/lab", "lib/units", "lib/diagnostics"],
  "lib/host": ["lib/hypervisor", "lib/files", "lib/units", "lib/diagnostics"],
  "lib/world": ["lib/hypervisor", "lib/lab", "lib/units", "lib/diagnostics"],
  "lib/images": ["lib/lab", "lib/units", "lib/diagnostics"],
  "lib/ssh": ["lib/files", "lib/units", "lib/diagnostics"],
  stacks: ["constructs", "lib/lab", "lib/synth", "lib/cloud-init", "lib/units", "lib/diagnostics"],
  constructs: ["lib/lab", "lib/units", "lib/diagnostics"],
  "lib/review": ["lib/lab", "lib/terraform", "lib/units", "lib/diagnostics"],
  "lib/terraform": ["lib/units", "lib/diagnostics"],
  "lib/hypervisor": ["lib/files", "lib/units", "lib/diagnostics"],
  "lib/cloud-init": ["schemas", "lib/units", "lib/diagnostics"],
  "lib/seed": ["lib/units"],
  "lib/labfile": ["lib/lab", "schemas", "lib/units", "lib/diagnostics"],
  "lib/synth": ["schemas", "lib/units"],
  "lib/lab": ["schemas", "lib/units", "lib/diagnostics"],
  schemas: [],
  "lib/files": [],
  "lib/units": [],
  "lib/diagnostics": [],
  // The library's front door.
  lib: ["constructs", "stacks", "lib/cloud-init", "lib/lab", "lib/units", "lib/diagnostics"],
};

/** Modules of Node and packages that touch the world: pure folders have none of them. */
const effects = /^(node:(fs|fs\/promises|child_process|net|http|https|dns|os|process|worker_threads)|execa|undici|write-file-atomic)$/;
const pure = [
  "lib/lab",
  "lib/labfile",
  "lib/cloud-init",
  "lib/seed",
  "lib/synth",
  "lib/review",
  "lib/units",
  "lib/diagnostics",
  "constructs",
  "schemas",
];

const project = resolve(import.meta.dirname, "..");

interface Import {
  readonly file: string;
  readonly target: string;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(project, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(project, join(entry.parentPath, entry.name)));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(project, file), "utf8");
  const pattern = /(?:^|\n)\s*(?:import|export)\b[^"';]*?from\s*"([^"]+)"|(?:^|\n)import\s*"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/g;
  return [...text.matchAll(pattern)].map((match) => ({ file, target: match[1] ?? match[2] ?? match[3] ?? "" }));
}

function folderOf(path: string): string {
  const folders = Object.keys(mayImport).filter((folder) => path === folder || path.startsWith(`${folder}/`));
  return folders.toSorted((a, b) => b.length - a.length)[0] ?? dirname(path);
}

const all = ["lib", "constructs", "stacks", "schemas"].flatMap(sourceFiles).flatMap(importsOf);

test("folders import only what the table allows", () => {
  const forbidden = all.filter(({ file, target }) => {
    if (!target.startsWith(".")) return false;
    const from = folderOf(file);
    const to = folderOf(relative(project, resolve(project, dirname(file), target)));
    const allowed = mayImport[from] ?? [];
    // Generated types and package.json stand for themselves.
    return to !== from && to !== "." && !allowed.includes("*") && !allowed.includes(to);
  });
  expect(forbidden.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
});

test("pure folders import nothing that touches the world", () => {
  const impure = all.filter(({ file, target }) => pure.includes(folderOf(file)) && effects.test(target));
  expect(impure.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
});

test("CDK for Terraform is resolved in one place", () => {
  const values = sourceFiles("lib")
    .concat(sourceFiles("constructs"), sourceFiles("stacks"))
    .filter((file) => /^import (?!type )[^;]*from "cdktf"/m.test(readFileSync(join(project, file), "utf8")));
  expect(values).toEqual(["lib/synth/cdktf-bundled.ts"]);
});

const programs = ["lib/host/connect.ts", "lib/hypervisor/kvm/forwards/relay.ts", "lib/provider/serve/run-plugin.ts"];

test("only the command prints and exits", () => {
  const loud = ["lib", "constructs", "stacks", "schemas"]
    .flatMap(sourceFiles)
    .filter((file) => !file.startsWith("lib/cli/") && !programs.includes(file))
    .filter((file) =>
      /\bconsole\.(log|error|warn|info)\(|\bprocess\.(exit|stdout|stderr)\b/.test(readFileSync(join(project, file), "utf8")),
    );
  expect(loud).toEqual([]);
});

test("no source file is longer than 300 lines", () => {
  const long = ["lib", "constructs", "stacks", "schemas/lab"]
    .flatMap(sourceFiles)
    .filter((file) => readFileSync(join(project, file), "utf8").split("\n").length > 300);
  expect(long).toEqual([]);
});

test("every diagnostic code is used, and every used code is listed", () => {
  const { length } = all;
  expect(length).toBeGreaterThan(100);
  const listed = new Set(
    [...readFileSync(join(project, "lib/diagnostics/codes.ts"), "utf8").matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm)].map((match) => match[1]),
  );
  const texts = ["lib", "stacks", "constructs"].flatMap(sourceFiles).filter((file) => file !== "lib/diagnostics/codes.ts");
  const words = new Set(
    texts
      .flatMap((file) => readFileSync(join(project, file), "utf8").match(/"[A-Z][A-Z0-9_]+"|\b[A-Z][A-Z0-9]*_[A-Z0-9_]+(?=:)/g) ?? [])
      .values(),
  );
  const unused = [...listed].filter((code) => !words.has(`"${code}"`) && !words.has(code ?? ""));
  expect(unused).toEqual([]);
});
