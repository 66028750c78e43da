import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Path } from "../path.ts";

/** What names the instance and the host, in NoCloud's words and in ConfigDrive's. */
const ours: ReadonlyMap<string, string> = new Map([
  ["instance-id", "Take it out: a new instance-id comes with every change of cloud-init."],
  ["uuid", "Take it out: it is the instance-id of a ConfigDrive, and a new one comes with every change of cloud-init."],
  ["local-hostname", "Write `hostname` or `fqdn` under `cloudInit`."],
  ["hostname", "Write `hostname` or `fqdn` under `cloudInit` itself."],
]);

/** Checks that further meta-data does not touch what Terrarium relies on: whose instance it is, and what it is called. */
export function checkMetaData(metaData: Readonly<Record<string, unknown>> | undefined, at: (...path: Path) => Path): Diagnostic[] {
  return Object.keys(metaData ?? {}).flatMap((key): Diagnostic[] => {
    const nextStep = ours.get(key);
    return nextStep === undefined
      ? []
      : [
          {
            code: "META_DATA_RESERVED",
            severity: "error",
            path: at("metaData", key),
            summary: `expected further keys in metaData, found "${key}", which Terrarium writes itself`,
            nextStep,
          },
        ];
  });
}
