import { readFileSync } from "node:fs";
import { OutcomeCollector, type Outcome } from "../../lib/terraform/outcome.ts";
import type { TerraformEvent } from "../../lib/terraform/event.ts";

/** A file of test/fixtures/terraform as text. */
export function readRecorded(name: string): string {
  return readFileSync(new URL(`../fixtures/terraform/${name}`, import.meta.url), "utf8");
}

/** Puts a recorded event stream through the collector, as a run that ended so. */
export async function replay(
  name: string,
  end: { exitCode?: number; signal?: NodeJS.Signals; interrupted?: boolean },
): Promise<{ readonly events: readonly TerraformEvent[]; readonly outcome: Outcome }> {
  const events: TerraformEvent[] = [];
  const collector = new OutcomeCollector((event) => events.push(event));
  for (const line of readRecorded(name).split("\n")) collector.add(line);
  const outcome = await collector.finish({ interrupted: false, log: "logs/terraform.jsonl", errorLog: "/nonexistent/stderr.log", ...end });
  return { events, outcome };
}
