import type { SourceRange } from "../../diagnostics/diagnostic.ts";
import type { UserDataKind } from "../user-data-kind.ts";

/** Where in a file some characters of a text stand; undefined where nobody could find them (they were packed). */
export type Place = (offset: number, length: number) => SourceRange | undefined;

/** A piece of user-data that cloud-init handles on its own. */
export interface UserDataPart {
  readonly kind: UserDataKind;
  /** What it is: "the user-data", 'part 2 ("setup.sh")'. */
  readonly name: string;
  readonly text: string;
  readonly place: Place;
}
