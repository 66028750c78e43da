import type { OnProgress } from "../../deploy/progress.ts";
import type { CommandContext } from "../context.ts";
import { createProgressDisplay, type ProgressDisplay } from "./progress.ts";

/** Progress that makes room for a question or a plan in between. */
export interface PausableProgress {
  readonly show: OnProgress;
  pause(): void;
  resume(): void;
  end(): void;
}

export function pausableProgress({ stderr, env }: Pick<CommandContext, "stderr" | "env">): PausableProgress {
  let display: ProgressDisplay | undefined = createProgressDisplay(stderr, env);
  const end = (): void => {
    display?.end();
    display = undefined;
  };
  return {
    show: (progress) => display?.(progress),
    pause: end,
    resume: () => (display ??= createProgressDisplay(stderr, env)),
    end,
  };
}
