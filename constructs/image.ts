import { Construct } from "constructs";
import { declare } from "../lib/lab/declare.ts";
import type { WrittenImage } from "../lib/lab/written-lab.ts";
import { plainUnits, type WithUnits } from "./units.ts";

/** Where an image comes from: exactly one of `path`, `url` with `sha256`, and `bootstrap`. */
export type ImageProps = WithUnits<WrittenImage>;

/**
 * A disk that sandboxes start from.
 *
 * @example new Image(lab, "debian-12", { bootstrap: { suite: "bookworm" } });
 */
export class Image extends Construct {
  constructor(scope: Construct, id: string, props: ImageProps) {
    super(scope, id);
    declare(this, { kind: "image", name: id, written: plainUnits(props) });
  }

  /** The image's name in the lab. */
  get name(): string {
    return this.node.id;
  }
}
