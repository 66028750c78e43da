/** A place in a resource's configuration: names of attributes, keys of maps, indexes of lists, from the outside in. */
export type AttributePath = readonly (string | number)[];

/** Something Terraform is to tell its user. An error stops what was asked for. */
export interface Problem {
  readonly severity: "error" | "warning";
  /** One line: what was expected and what was found. */
  readonly summary: string;
  /** More lines, and what to do about it. */
  readonly detail?: string;
  /** Terraform shows the line of the configuration that this names. */
  readonly path?: AttributePath;
}

/** An error about one attribute. */
export function errorAt(path: AttributePath, summary: string, detail?: string): Problem {
  return { severity: "error", path, summary, ...(detail === undefined ? {} : { detail }) };
}

/** A warning about one attribute. */
export function warningAt(path: AttributePath, summary: string, detail?: string): Problem {
  return { severity: "warning", path, summary, ...(detail === undefined ? {} : { detail }) };
}
