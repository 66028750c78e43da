import { Duration } from "../../units/duration.ts";
import { Size } from "../../units/size.ts";
import { normaliseToPrior } from "../framework/modifier.ts";
import { durationText, sizeText } from "./validators.ts";

/** Options of an attribute that is a size as text: `2GiB` and `2048MiB` are the same. */
export const aSize = { validate: [sizeText], modifiers: [normaliseToPrior<string>(sameSize)] } as const;

/** Options of an attribute that is a duration as text: `60s` and `1m` are the same. */
export const aDuration = { validate: [durationText], modifiers: [normaliseToPrior<string>(sameDuration)] } as const;

function sameSize(one: string, other: string): boolean {
  const size = Size.tryParse(one);
  return size !== undefined && size.bytes === Size.tryParse(other)?.bytes;
}

function sameDuration(one: string, other: string): boolean {
  const duration = Duration.tryParse(one);
  return duration !== undefined && duration.milliseconds === Duration.tryParse(other)?.milliseconds;
}

/** What the host has, as the user wrote it where that is the same. */
export function sizeAsWritten(bytes: number, written: string | undefined | null): string {
  return written !== undefined && written !== null && Size.tryParse(written)?.bytes === bytes ? written : Size.bytes(bytes).toString();
}
