import { differences, type Difference, type Renderer } from "./differences.ts";

/** The table of differences, as it stands in docs/guest-network.md. */
export function differencesTable(): string {
  const rows = differences.map(
    ({ says, where, gone, since }) => `| ${says} | ${list(where.nocloud)} | ${list(where.configdrive)} | ${releases({ gone, since })} |`,
  );
  return ["| the guest does instead | NoCloud | ConfigDrive | cloud-init |", "|---|---|---|---|", ...rows].join("\n");
}

function list(renderers: readonly Renderer[] = []): string {
  const names: Readonly<Partial<Record<Renderer, string>>> = { "network-manager": "NetworkManager", eni: "ENI" };
  return renderers.length === 5 ? "all" : renderers.map((renderer) => names[renderer] ?? renderer).join(", ");
}

function releases({ gone, since }: Pick<Difference, "gone" | "since">): string {
  if (gone !== undefined && since !== undefined) return `${since} to before ${gone}`;
  return gone === undefined ? (since === undefined ? "" : `from ${since}`) : `before ${gone}`;
}
