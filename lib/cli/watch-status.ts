import { setTimeout as sleep } from "node:timers/promises";
import type { SandboxStatus } from "../deploy/sandbox-status.ts";
import type { CommandContext } from "./context.ts";
import { canRedraw } from "./output/progress.ts";
import { statusLine, statusLines, statusTable } from "./output/status.ts";

const interval = 2000;

/** Shows the status until the signal ends it: redrawn in place on a terminal, elsewhere one line per change. */
export async function watchStatus(context: CommandContext, read: () => Promise<SandboxStatus[]>, signal: AbortSignal): Promise<void> {
  const show = canRedraw(context.stdout, context.env) ? await redrawing(context) : changes(context);
  while (!signal.aborted) {
    show.update(await read());
    try {
      await sleep(interval, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
  show.end();
}

interface Shown {
  update(sandboxes: readonly SandboxStatus[]): void;
  end(): void;
}

async function redrawing({ stdout }: CommandContext): Promise<Shown> {
  const { createLogUpdate } = await import("log-update");
  const draw = createLogUpdate(stdout as unknown as NodeJS.WritableStream);
  return { update: (sandboxes) => draw((statusTable(sandboxes) + statusLines(sandboxes)).trimEnd()), end: () => draw.done() };
}

function changes({ stdout }: CommandContext): Shown {
  const former = new Map<string, string>();
  return {
    update: (sandboxes) => {
      for (const sandbox of sandboxes) {
        const line = statusLine(sandbox);
        if (former.get(sandbox.name) !== line) stdout.write(`${line}\n`);
        former.set(sandbox.name, line);
      }
    },
    end: () => former.clear(),
  };
}
