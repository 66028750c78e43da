import type { createLogUpdate } from "log-update";
import type { OnProgress } from "../../deploy/progress.ts";
import type { TextStream } from "../context.ts";
import { progressLine, type ProgressLine } from "./progress-line.ts";
import { cutTo } from "./width.ts";

/** Shows what happens while a command runs: to be called with each event, and ended before anything else is printed. */
export type ProgressDisplay = OnProgress & {
  /** Takes the live block off the terminal; events after it are not shown. */
  end(): void;
};

/**
 * Progress on stderr: a live block with one line for each sandbox or object on a terminal, one line per change elsewhere.
 *
 * @example
 * const display = createProgressDisplay(context.stderr);
 * try { await work({ onProgress: display }); } finally { display.end(); }
 */
export function createProgressDisplay(stream: TextStream, env: Readonly<NodeJS.ProcessEnv> = {}): ProgressDisplay {
  const block = canRedraw(stream, env) ? new LiveBlock(stream) : new ChangeLines(stream);
  let ended = false;
  const display: OnProgress = (progress) => {
    const line = ended ? undefined : progressLine(progress);
    if (line) block.show(line);
  };
  return Object.assign(display, {
    end: () => {
      if (!ended) block.end();
      ended = true;
    },
  });
}

/** True for a terminal whose lines can be drawn again. One that does not know its own width (0 columns) cannot: lines would wrap unseen. */
export function canRedraw({ isTTY, columns }: TextStream, env: Readonly<NodeJS.ProcessEnv>): boolean {
  return isTTY === true && columns !== 0 && env["TERM"] !== "dumb" && !env["CI"];
}

/** One line per change. */
class ChangeLines {
  readonly #stream: TextStream;
  readonly #last = new Map<string, string>();

  constructor(stream: TextStream) {
    this.#stream = stream;
  }

  show({ key, text, minor }: ProgressLine): void {
    if (minor || this.#last.get(key) === text) return;
    this.#last.set(key, text);
    this.#stream.write(`${text}\n`);
  }

  end(): void {
    this.#last.clear();
  }
}

type LogUpdate = ReturnType<typeof createLogUpdate>;

/** Lines redrawn in place; what is done stays above them. */
class LiveBlock {
  readonly #stream: TextStream;
  readonly #lines = new Map<string, string>();
  #finished: string[] = [];
  #draw: LogUpdate | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;
  /** True once something is on the terminal that has to be taken off again. */
  #drawn = false;

  constructor(stream: TextStream) {
    this.#stream = stream;
    void this.#load();
  }

  /** Only a terminal needs it, and its import takes longer than many commands. */
  async #load(): Promise<void> {
    const library = await import("log-update");
    this.#draw = library.createLogUpdate(this.#stream as unknown as NodeJS.WritableStream);
    this.#redraw();
  }

  show({ key, text, done }: ProgressLine): void {
    if (done) {
      this.#lines.delete(key);
      this.#finished.push(text);
    } else {
      this.#lines.set(key, text);
    }
    // Many events at once are one picture.
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#redraw();
    }, 50);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#ended = true;
    if (this.#drawn) this.#draw?.clear();
    for (const text of this.#finished) this.#stream.write(`${text}\n`);
    if (this.#drawn) this.#draw?.done();
  }

  #redraw(): void {
    const isEmpty = this.#lines.size === 0 && this.#finished.length === 0;
    if (!this.#draw || this.#ended || (isEmpty && !this.#drawn)) return;
    this.#drawn = true;
    const columns = (this.#stream.columns || 80) - 1;
    if (this.#finished.length > 0) this.#draw.persist(this.#finished.join("\n"));
    this.#finished = [];
    const lines = [...this.#lines.values()];
    // A block that is higher than the terminal cannot be redrawn.
    const room = Math.max(3, (this.#stream.rows || 24) - 2);
    const shown = lines.length > room ? [...lines.slice(0, room - 1), `… and ${lines.length - room + 1} more`] : lines;
    if (shown.length === 0) this.#draw.clear();
    else this.#draw(shown.map((text) => cutTo(text, columns)).join("\n"));
  }
}
