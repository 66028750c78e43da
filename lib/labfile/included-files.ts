import { expandSandboxes } from "../lab/settings/expand-sandboxes.ts";
import { ownDataKeys } from "../lab/user-data.ts";
import { userDataPath, writtenParts } from "../lab/written/user-data-path.ts";
import type { Path } from "../lab/path.ts";
import type { WrittenCloudInit, WrittenLab } from "../lab/written-lab.ts";

/** A file that the lab names, to be read by whoever may read files. */
export interface IncludedFile {
  /** As written, after `${each:…}`: relative to the lab file, absolute, or below the home directory (`~/`). */
  readonly path: string;
  /** The file's text has references to replace. */
  readonly template: boolean;
  /** Where in the lab it is named. */
  readonly at: readonly (string | number)[];
}

/**
 * All files that the lab names, each mention once: what is written first, in the lab's order, then those that `${each:…}` in a path makes of it. Images and
 * secrets are not among them.
 */
export function includedFiles(written: WrittenLab): IncludedFile[] {
  const mentions = [
    { cloudInit: written.defaults?.cloudInit, at: ["defaults"] },
    ...Object.entries(written.profiles ?? {}).map(([name, { cloudInit }]) => ({ cloudInit, at: ["profiles", name] })),
    ...Object.entries(written.sandboxes).map(([name, { cloudInit }]) => ({ cloudInit, at: ["sandboxes", name] })),
  ];
  const files = mentions.flatMap(({ cloudInit, at }) => filesOf(cloudInit, (...path) => [...at, "cloudInit", ...path]));
  const fixed = files.filter(({ path }) => !path.includes("${each:"));
  return fixed.length === files.length ? files : [...fixed, ...filesOfCopies(written, new Set(fixed.map(({ path }) => path)))];
}

function filesOf(cloudInit: WrittenCloudInit | undefined, at: (...path: Path) => Path): IncludedFile[] {
  return ownDataKeys.flatMap((key) =>
    writtenParts(cloudInit?.[key]).flatMap(({ part, steps }) => {
      const path = userDataPath(part);
      return path === undefined ? [] : [{ path, template: typeof part === "object" && part.template === true, at: at(key, ...steps) }];
    }),
  );
}

/** The files of each copy of a sandbox; what is wrong with the copies is told where the lab is normalized. */
function filesOfCopies(written: WrittenLab, known: ReadonlySet<string>): IncludedFile[] {
  const seen = new Set(known);
  return expandSandboxes(written, () => undefined)
    .flatMap(({ settings, at }) => filesOf(settings.cloudInit, (...path) => at("cloudInit", ...path)))
    .filter(({ path }) => !seen.has(path) && seen.add(path));
}
