import type { View, VirtualBox } from "./host.ts";
import { isInside } from "./layout.ts";

/** Makes VirtualBox forget all disks whose files lie in a folder that is to be removed. Their files stay: whoever removes the folder removes them. */
export async function closeMedia({ vbox }: VirtualBox, { allMedia }: Pick<View, "allMedia">, folder: string): Promise<void> {
  const media = [...allMedia.values()].filter(({ location }) => isInside(location, folder));
  const depth = (id: string): number => 1 + Math.max(0, ...media.filter(({ parent }) => parent === id).map((child) => depth(child.id)));
  // Children before their parents: a disk with a child cannot be closed.
  for (const { id } of media.toSorted((a, b) => depth(a.id) - depth(b.id)))
    await vbox.tryRun(["closemedium", "disk", id], ["OBJECT_NOT_FOUND", "DISK_MISSING"]);
}
