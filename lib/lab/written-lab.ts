/**
 * The lab as written: what YAML says after variables were replaced, and what constructs collect. Types are generated from `schemas/`.
 *
 * Any text in it may hold secret references (`${env:NAME}`, `${file:PATH}`): they stay as written here; see `text.ts`.
 */
export type {
  Attachment,
  AttachmentOptions as WrittenNic,
  CloudInit as WrittenCloudInit,
  Defaults as WrittenDefaults,
  ExtraDisk as WrittenDisk,
  Image as WrittenImage,
  Network as WrittenNetwork,
  NicVlan as WrittenVlan,
  Route as WrittenRoute,
  Sandbox as WrittenSandbox,
  Timeouts as WrittenTimeouts,
  WrittenLab,
} from "../../schemas/generated/written-lab.ts";
