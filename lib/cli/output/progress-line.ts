import type { Progress } from "../../deploy/progress.ts";
import type { ImageProgress } from "../../images/progress.ts";
import type { ApplyEvent, TerraformEvent } from "../../terraform/event.ts";
import { byteSize } from "./byte-size.ts";
import { escapeLine } from "./escape.ts";

/** One line of the display: what it is about, and what happens to it now. */
export interface ProgressLine {
  /** Lines of one key follow each other: the last one counts. */
  readonly key: string;
  readonly text: string;
  /** Nothing follows for this key. */
  readonly done: boolean;
  /** A step on the way to the next line that matters: told on a terminal only. */
  readonly minor: boolean;
}

/** What an event says to a person; undefined if nothing. Control characters are escaped. */
export function progressLine(progress: Progress): ProgressLine | undefined {
  switch (progress.kind) {
    case "step":
      return line("step", progress.text, { done: false });
    case "image":
      return imageLine(progress.image, progress.progress);
    case "sandbox":
      return line(`sandbox ${progress.sandbox}`, `sandbox ${progress.sandbox}: ${progress.text}`, { done: progress.done });
    case "terraform":
      return isApplyEvent(progress.event) ? objectLine(progress.event) : undefined;
    default:
      return progress satisfies never;
  }
}

function line(key: string, text: string, { done, minor = false }: { readonly done: boolean; readonly minor?: boolean }): ProgressLine {
  return { key, text: escapeLine(text), done, minor };
}

function imageLine(image: string, { phase, done, total, step }: ImageProgress): ProgressLine {
  const words = phase === "waiting" ? "waiting for another command that makes it" : phase;
  const amount =
    done === undefined
      ? ""
      : total === undefined
        ? ` ${byteSize(done)}`
        : ` ${byteSize(done)} of ${byteSize(total)} (${percent(done, total)} %)`;
  const minor = done !== undefined && done > 0;
  return line(`image ${image}`, `image ${image}: ${words}${amount}${step === undefined ? "" : `: ${step}`}`, { done: false, minor });
}

function percent(done: number, total: number): number {
  return total === 0 ? 100 : Math.floor((100 * done) / total);
}

const verbs: Readonly<Record<string, readonly [doing: string, done: string]>> = {
  create: ["being made", "made"],
  update: ["being changed", "changed"],
  replace: ["being made anew", "made anew"],
  delete: ["being removed", "removed"],
};

function objectLine({ type, resource, action, elapsedSeconds = 0 }: ApplyEvent): ProgressLine | undefined {
  const name = objectName(resource.type, resource.name);
  const [doing, done] = verbs[action] ?? [];
  if (name === undefined || doing === undefined) return undefined;
  const key = `object ${resource.address}`;
  const after = elapsedSeconds === 0 ? "" : ` after ${elapsedSeconds} s`;
  if (type === "apply_start") return line(key, `${name}: ${doing}`, { done: false });
  if (type === "apply_progress") return line(key, `${name}: ${doing}${after}`, { done: false, minor: true });
  return line(key, `${name}: ${type === "apply_complete" ? done : "failed"}${after}`, { done: true });
}

function isApplyEvent(event: TerraformEvent): event is ApplyEvent {
  return event.type.startsWith("apply_");
}

const nouns: Readonly<Record<string, string>> = {
  sandbox: "sandbox",
  network: "network",
  disk: "disk of",
  seed: "seed of",
  pool: "storage on",
};

/** `sandbox_local_web-1` → `sandbox web-1`; undefined for objects that only Terraform cares for. */
function objectName(type: string, name: string): string | undefined {
  if (type === "terraform_data") return undefined;
  const [kind = "", host = "", ...rest] = name.split("_");
  const noun = nouns[kind];
  if (noun === undefined) return `${type}.${name}`;
  return `${noun} ${kind === "pool" ? host : rest.join(" ")}`;
}
