/**
 * The lab as written: what YAML says after variables were replaced, and what constructs collect. Types are generated from `schemas/`.
 *
 * Any text in it may hold secret references (`${env:NAME}`, `${file:PATH}`): they stay as written here; see `text.ts`.
 */
export type {
  Attachment,
  CloudInit as WrittenCloudInit,
  Defaults as WrittenDefaults,
  ExtraDisk as WrittenDisk,
  Host as WrittenHost,
  Image as WrittenImage,
  Network as WrittenNetwork,
  Probe as WrittenProbe,
  Profile as WrittenProfile,
  Sandbox as WrittenSandbox,
  Timeouts as WrittenTimeouts,
  WriteFile as WrittenFile,
  WrittenLab,
} from "../../schemas/generated/written-lab.ts";
