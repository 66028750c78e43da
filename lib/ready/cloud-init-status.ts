/** What cloud-init says of itself in /run/cloud-init. */
export interface CloudInitStatus {
  readonly finished: boolean;
  /** The stage that runs: `init-local`, `init`, `modules-config`, `modules-final`. Absent between stages. */
  readonly stage?: string;
  /** `DataSourceNoCloud [seed=/dev/sr0][dsmode=net]`. Absent until it has one. */
  readonly datasource?: string;
  readonly errors: readonly string[];
  /** Recoverable errors of cloud-init 23.4 and later: it went on, but something is not as declared. */
  readonly warnings: readonly string[];
  /** Uses of what will go away. */
  readonly deprecations: readonly string[];
}

const stages = ["init-local", "init", "modules-init", "modules-config", "modules-final"];

/**
 * Reads `result.json`, there only when cloud-init has finished, and `status.json`. A file that is absent or half-written says nothing.
 *
 * Facts: cloud-init's "report" documentation and files of 22.4.2 and 26.2.
 */
export function readCloudInitStatus(files: { readonly result?: string; readonly status?: string }): CloudInitStatus {
  const result = versionOne(files.result);
  const status = versionOne(files.status);
  const runs = status ? stages.map((name) => record(status[name])).filter((stage) => stage !== undefined) : [];
  const errors = [...texts(result?.["errors"]), ...runs.flatMap((stage) => texts(stage["errors"]))];
  const recoverable = runs.map((stage) => record(stage["recoverable_errors"]) ?? {});
  const ofLevels = (wanted: (level: string) => boolean): string[] =>
    recoverable.flatMap((levels) => Object.entries(levels).flatMap(([level, messages]) => (wanted(level) ? texts(messages) : [])));
  const stage = text(status?.["stage"]);
  const datasource = text(result?.["datasource"]) ?? text(status?.["datasource"]);
  return {
    finished: result !== undefined,
    ...(stage === undefined ? {} : { stage }),
    ...(datasource === undefined ? {} : { datasource }),
    errors: [...new Set(errors)],
    warnings: [...new Set(ofLevels((level) => level !== "DEPRECATED"))],
    deprecations: [...new Set(ofLevels((level) => level === "DEPRECATED"))],
  };
}

type JsonObject = Readonly<Record<string, unknown>>;

function versionOne(file: string | undefined): JsonObject | undefined {
  if (file === undefined || file.trim() === "") return undefined;
  try {
    return record(record(JSON.parse(file))?.["v1"]);
  } catch (error) {
    // Read while it was written: the next look finds it whole.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function record(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map((item) => (typeof item === "string" ? item : JSON.stringify(item))) : [];
}
