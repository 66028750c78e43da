import type { View } from "./host.ts";
import { networkPrefix, readJson, readOwner } from "./owner.ts";

/** The `bridged` networks that are noted in the global extra data. */
export function bridgedNetworks({
  extraData,
}: Pick<View, "extraData">): { readonly name: string; readonly interface: string; readonly deployment?: string }[] {
  return [...extraData].flatMap(([key, text]) => {
    if (!key.startsWith(networkPrefix)) return [];
    const { mode, interface: nic } = readJson(text);
    if (mode !== "bridged" || typeof nic !== "string") return [];
    return [{ name: key.slice(networkPrefix.length), interface: nic, deployment: readOwner(text)?.deployment }];
  });
}
