/** What a library prints with `console.log` while `work` runs, which must be synchronous: results go out through the context's stdout, and only once. */
export function capturedConsole(work: () => void): string {
  const original = console.log;
  const lines: string[] = [];
  console.log = (...parts: unknown[]) => void lines.push(parts.map(String).join(" "));
  try {
    work();
  } finally {
    console.log = original;
  }
  return lines.map((line) => `${line}\n`).join("");
}
