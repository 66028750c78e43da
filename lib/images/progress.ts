/**
 * What an image is going through. Events of one phase follow each other; a phase may be left out (nothing to unpack, nothing to convert).
 *
 * `waiting`: another process builds or downloads the same image, and this one will use its result.
 */
export interface ImageProgress {
  readonly phase:
    | "waiting"
    | "hashing"
    | "downloading"
    | "retrying"
    | "unpacking"
    | "converting"
    | "checking"
    | "bootstrapping"
    | "placing";
  /** Bytes so far, where the phase counts bytes. */
  readonly done?: number;
  /** Bytes in all, where known. */
  readonly total?: number;
  /** One line for a person: the step of a bootstrap, the reason of a retry. */
  readonly step?: string;
}

export type OnImageProgress = (progress: ImageProgress) => void;
