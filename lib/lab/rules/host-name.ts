import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Path } from "../path.ts";

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;
/** RFC 1035, 2.3.4, without the root's dot. */
const longest = 253;

/** Checks what a guest is to call itself: one DNS label, or several with dots between them for `fqdn`. */
export function checkHostName(key: "hostname" | "fqdn", name: string, path: Path): Diagnostic[] {
  const labels = key === "hostname" ? [name] : name.split(".");
  if (name.length <= longest && labels.every((part) => label.test(part))) return [];
  const expected = key === "hostname" ? "one DNS label such as web-1" : "DNS labels with dots between them, such as web-1.example.test";
  return [
    {
      code: "INVALID_NAME",
      severity: "error",
      path,
      summary: `expected ${expected}, found ${JSON.stringify(name)}`,
      nextStep: "Use letters, digits and hyphens, at most 63 in each label, with no hyphen at either end.",
    },
  ];
}
