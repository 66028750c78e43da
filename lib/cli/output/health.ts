import type { Health } from "../../deploy/doctor/health.ts";
import { wrap } from "./wrap.ts";

/** What doctor found, for people: a verdict, what was looked at, what was found, and under it what to do. The worst comes last, where one looks first. */
export function renderHealth(all: readonly Health[], columns = 100): string {
  const order = ["fine", "notice", "warning", "error"];
  const sorted = all.toSorted((one, other) => order.indexOf(one.verdict) - order.indexOf(other.verdict));
  const names = sorted.map(({ check, host }) => (host === undefined ? check : `${host}: ${check}`));
  const longest = Math.max(...names.map(({ length }) => length));
  return sorted
    .flatMap(({ verdict, found, detail, nextStep, code }, index) => {
      const head = `${verdict.padEnd("warning".length)}  ${(names[index] ?? "").padEnd(longest)}  `;
      const margin = " ".repeat(head.length);
      const texts = [
        code === undefined ? found : `${found} (${code})`,
        ...(detail?.split("\n") ?? []),
        ...(nextStep === undefined ? [] : [`→ ${nextStep}`]),
      ];
      const lines = texts.flatMap((text) => wrap([{ text }], { color: false, width: columns, indent: head.length }));
      return lines.map((line, number) => `${number === 0 ? head : margin}${line}\n`);
    })
    .join("");
}
