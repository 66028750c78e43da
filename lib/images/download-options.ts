import type { Duration } from "../units/duration.ts";
import type { OnImageProgress } from "./progress.ts";

export interface DownloadOptions {
  readonly onProgress?: OnImageProgress;
  readonly signal?: AbortSignal;
  /** How often a failed attempt is repeated; an attempt that brought 1 MiB or more does not count. @default 5 */
  readonly retries?: number;
  /** Before the first repetition; doubled for each further one. @default 1 s */
  readonly retryDelay?: Duration;
  /** After so long without a byte an attempt has failed. @default 60 s */
  readonly stallTimeout?: Duration;
}
