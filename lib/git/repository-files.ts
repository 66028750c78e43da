/** The files of one version of a repository. Paths are those of git: from the root, with `/`. */
export interface RepositoryFiles {
  /** Every file in it: no folder, no symbolic link, no submodule. */
  readonly paths: readonly string[];
  /** Paths that lead elsewhere: symbolic links and submodules. */
  readonly links: ReadonlySet<string>;
  /**
   * Texts of files; what there is none of, or is larger than a lab file may be, is left out.
   *
   * @throws DiagnosticError REVIEW_FILE_REFUSED for a symbolic link
   */
  readonly read: (paths: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

/** Larger files are no labs, and no user-data. */
export const mostFileBytes = 1024 ** 2;
