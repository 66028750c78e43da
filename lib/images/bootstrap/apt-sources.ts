import type { BootstrapRecipe } from "../bootstrap-recipe.ts";

/** One line of a sources.list, as far as a bootstrap needs it. */
export interface AptSource {
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
  /** Path of the keyring that signs it, where the source names one. */
  readonly signedBy?: string;
}

/** Reads the one-line form (`sources.list`, `*.list`). Lines that are no binary source are passed over. Pure. */
export function parseSourcesList(text: string): AptSource[] {
  return text.split("\n").flatMap((line) => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+([^#]+)/.exec(line);
    if (!match) return [];
    const [, options = "", uri = "", suite = "", components = ""] = match;
    const signedBy = /(?:^|\s)signed-by=(\/\S+)/i.exec(options)?.[1];
    return [{ uri, suite, components: words(components), signedBy }];
  });
}

/** Reads the deb822 form (`*.sources`). A key that is written into the file itself is left to apt's trusted keys. Pure. */
export function parseDeb822Sources(text: string): AptSource[] {
  const stanzas = text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n")
    .split(/\n\s*\n/);
  return stanzas.flatMap((stanza) => {
    const fields = new Map<string, string>();
    for (const [, name = "", value = ""] of stanza.matchAll(/^([A-Za-z0-9-]+):((?:[^\n]|\n[ \t])*)/gm))
      fields.set(name.toLowerCase(), value.trim());
    const field = (name: string): string[] => words(fields.get(name) ?? "");
    if (!field("types").includes("deb") || /^(no|false|0)$/i.test(fields.get("enabled") ?? "")) return [];
    const signedBy = /^\/\S+$/.exec(fields.get("signed-by") ?? "")?.[0];
    return field("uris").flatMap((uri) => field("suites").map((suite) => ({ uri, suite, components: field("components"), signedBy })));
  });
}

/**
 * Those of the machine's sources that are the distribution's own archive of this suite: the suite itself, its updates and its security.
 * Other vendors' sources have other suites, or no component `main`.
 *
 * @returns none if the machine runs another suite
 */
export function sourcesOfSuite(sources: readonly AptSource[], suite: string): AptSource[] {
  const wanted = [suite, `${suite}-updates`, `${suite}-security`, `${suite}/updates`];
  const own = sources.filter((source) => wanted.includes(source.suite) && source.components.includes("main") && isPlain(source));
  return own.some((source) => source.suite === suite) ? own : [];
}

/** The mirror that the recipe names. None: mmdebstrap knows the public archive of each distribution. */
export function mirrorSources({ distribution, suite, mirror }: BootstrapRecipe): AptSource[] {
  return mirror === null ? [] : [{ uri: mirror, suite, components: distribution === "debian" ? ["main"] : ["main", "universe"] }];
}

/** The same archives for apt inside the image: an address may hold this machine's password, and its keyrings lie elsewhere. */
export function guestSources(sources: readonly AptSource[]): AptSource[] {
  return sources.map(({ uri, suite, components }) => ({ uri: uri.replace(/^([a-z+]+:\/\/)[^/@]*@/, "$1"), suite, components }));
}

/** A source as a line of sources.list, which is also how mmdebstrap takes it. */
export function sourceLine({ uri, suite, components, signedBy }: AptSource): string {
  return `deb ${signedBy === undefined ? "" : `[signed-by=${signedBy}] `}${uri} ${suite} ${components.join(" ")}`;
}

/** Only what a chroot can use, too: no file:, cdrom: or mirror+file:. */
function isPlain({ uri }: AptSource): boolean {
  return /^(https?|mirror\+https?|ftp):/.test(uri);
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
