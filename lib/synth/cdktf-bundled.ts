import * as bundled from "cdktf";
import manifest from "cdktf/package.json" with { type: "json" };

/** What the CLI bundle has in the place of `cdktf.ts`: its own copy, so that YAML labs need nothing installed. */
export const cdktf = bundled;
export const cdktfVersion: string = manifest.version;
