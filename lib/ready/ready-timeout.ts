import type { Checked } from "../diagnostics/diagnostic.ts";
import type { LabSandbox } from "../lab/lab.ts";
import { Duration } from "../units/duration.ts";

const usual = Duration.minutes(5);
/** Emulated guests are 5 to 10 times slower while they boot; of the usual time most is slack. */
const slowdown = 3;

/**
 * How long a sandbox may take until it is ready: what the lab says, else `IP_DISCOVERY_TIMEOUT`, else 5 minutes, or three times that under emulation.
 * What somebody wrote is taken as it is: only our own default is stretched.
 *
 * @param env `IP_DISCOVERY_TIMEOUT` in it is a duration (`2m`) or plain seconds (`120`); empty is as good as absent
 * @returns diagnostic `BAD_DURATION` if the variable is needed and neither
 * @example readyTimeout({ timeouts: {} }, "tcg", {}).value // 15m
 */
export function readyTimeout(
  { timeouts }: { readonly timeouts: Pick<LabSandbox["timeouts"], "ready"> },
  accelerator: "kvm" | "tcg",
  env: Readonly<Record<string, string | undefined>>,
): Checked<Duration> {
  if (timeouts.ready !== undefined) return { value: Duration.milliseconds(timeouts.ready), diagnostics: [] };
  const text = env["IP_DISCOVERY_TIMEOUT"]?.trim() ?? "";
  if (text === "") return { value: accelerator === "tcg" ? usual.times(slowdown) : usual, diagnostics: [] };
  const value = /^\d{1,9}$/.test(text) ? Duration.seconds(Number(text)) : Duration.tryParse(text);
  if (value && value.milliseconds > 0) return { value, diagnostics: [] };
  return {
    diagnostics: [
      {
        code: "BAD_DURATION",
        severity: "error",
        summary: `expected the environment variable IP_DISCOVERY_TIMEOUT to be a time longer than 0, such as "5m" or "120" (seconds), got ${JSON.stringify(text)}`,
        nextStep: "Write `IP_DISCOVERY_TIMEOUT=5m`, or unset it.",
      },
    ],
  };
}
