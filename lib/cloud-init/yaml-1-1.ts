/**
 * Writes a value so that YAML 1.1 (PyYAML, which cloud-init uses) and JSON readers agree on it: JSON with indentation, its texts always quoted. Keys without a value are left out.
 *
 * @example writeYaml({ mode: "0644", on: "yes" }) // '{\n  "mode": "0644",\n  "on": "yes"\n}\n'
 */
export function writeYaml(value: object): string {
  return `${write(value, "")}\n`;
}

/** Controls, and what PyYAML refuses or takes for a line's end. JSON leaves those from 0x7f on as they are. */
const unsafe = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

function write(value: unknown, indent: string): string {
  if (typeof value === "number") return number(value);
  if (typeof value === "string") return text(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const items = isList
    ? value.map((item) => write(item, inner))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => `${text(key)}: ${write(item, inner)}`);
  const [open, close] = isList ? "[]" : "{}";
  return items.length === 0 ? `${open}${close}` : `${open}\n${items.map((item) => inner + item).join(",\n")}\n${indent}${close}`;
}

function text(value: string): string {
  return JSON.stringify(value).replaceAll(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** YAML 1.1 takes `1e21` for text: a number with an exponent needs a dot. */
function number(value: number): string {
  const written = JSON.stringify(value);
  return written.includes("e") && !written.includes(".") ? written.replace("e", ".0e") : written;
}
