import { Construct } from "constructs";
import { declare } from "../lib/lab/declare.ts";
import type { WrittenDisk } from "../lib/lab/written-lab.ts";
import type { Size } from "../lib/units/size.ts";
import type { Sandbox } from "./sandbox.ts";
import { plainUnits } from "./units.ts";

export interface DiskProps {
  /** Size the guest sees. The host stores only what is written. */
  readonly size: Size | string;
}

/**
 * A further disk of a sandbox, empty at first.
 *
 * @example new Disk(db, "data", { size: Size.gibibytes(50) });
 */
export class Disk extends Construct {
  constructor(sandbox: Sandbox, id: string, props: DiskProps) {
    super(sandbox, id);
    declare(this, {
      kind: "disk",
      name: id,
      sandbox: sandbox.name,
      written: { name: id, ...plainUnits<Omit<WrittenDisk, "name">>(props) },
    });
  }
}
