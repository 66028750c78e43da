import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { commandReference } from "./command-reference.ts";
import { checkDocs } from "./docs/check-docs.ts";
import { providerReference } from "./provider-reference.ts";
import { referencePages } from "./reference.ts";

// npm run docs: writes docs/reference and docs/provider anew, then checks all pages. Exit code 1 if something is wrong.
const root = join(import.meta.dirname, "..");
for (const { path, text } of [...referencePages(), commandReference(), ...providerReference()]) {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}
const problems = checkDocs(root);
for (const { path, line, text } of problems) console.error(`${path}:${line}: ${text}`);
console.log(problems.length === 0 ? "The documentation is in order." : `${problems.length} problems.`);
process.exitCode = problems.length === 0 ? 0 : 1;
