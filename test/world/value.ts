import { normalizeLab } from "../../lib/lab/normalize-lab.ts";
import type { Lab } from "../../lib/lab/lab.ts";
import type { WrittenLab } from "../../lib/lab/written-lab.ts";
import type { World } from "../../lib/world/world.ts";

/** A host with nothing on it but what is given. */
export function worldWith(parts: Partial<World> = {}): World {
  return {
    host: "local",
    links: [],
    routes: [],
    networks: [],
    sockets: [],
    forwarding: { ipv4: true, bridgeFiltered: false, offIn: [] },
    firewall: { chains: [] },
    networkFiles: [],
    unread: [],
    ...parts,
  };
}

/** The lab `shop` with these networks, one sandbox in all of them. */
export function labWith(networks: NonNullable<WrittenLab["networks"]>, rest: Partial<WrittenLab> = {}): Lab {
  const { value, diagnostics } = normalizeLab({
    lab: "shop",
    images: { base: { bootstrap: { suite: "bookworm" } } },
    defaults: { image: "base" },
    networks,
    sandboxes: { web: { networks: Object.keys(networks) } },
    ...rest,
  });
  if (value === undefined) throw new Error(JSON.stringify(diagnostics));
  return value.lab;
}
