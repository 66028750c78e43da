import type { KnownNetwork } from "../world.ts";

/** Folders in which Podman keeps its networks: root's own, and those of its older form. Rootless ones are in nobody's way. */
export const containerFolders = ["/etc/containers/networks", "/etc/cni/net.d"] as const;

/**
 * Reads a file of a container engine's network: Podman's own form, or CNI's. Such a network has no interface until a container is in it. Pure.
 *
 * @returns undefined for a file that is none
 */
export function readContainerNetwork(text: string): KnownNetwork | undefined {
  const value = parse(text);
  if (value === undefined) return undefined;
  const { name, network_interface, subnets = [], plugins = [] } = value;
  const ofCni = plugins.flatMap(({ ipam }) => [ipam?.subnet, ...(ipam?.ranges ?? []).flat().map(({ subnet }) => subnet)]);
  const blocks = [...subnets.map(({ subnet }) => subnet), ...ofCni].filter((block) => block !== undefined);
  const bridge = network_interface ?? plugins.find((plugin) => plugin.bridge !== undefined)?.bridge;
  return { name: name ?? "", by: "Podman", active: false, ...(bridge !== undefined && { bridge }), blocks };
}

interface NetworkConfiguration {
  readonly name?: string;
  readonly network_interface?: string;
  readonly subnets?: readonly { readonly subnet?: string }[];
  readonly plugins?: readonly {
    readonly bridge?: string;
    readonly ipam?: { readonly subnet?: string; readonly ranges?: readonly (readonly { readonly subnet?: string }[])[] };
  }[];
}

function parse(text: string): NetworkConfiguration | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch (error) {
    // Whatever else lies in the folder is no network.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
