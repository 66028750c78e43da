import { dirname } from "node:path";
import { removeEmpty } from "./files.ts";
import { removeForwards } from "./forwards.ts";
import { readView, type VirtualBox } from "./host.ts";
import { isInside } from "./layout.ts";
import { releasePorts } from "./ports.ts";
import { isThere, powerOffSandbox, removeConsole } from "./power.ts";
import { removeFolder, withSandbox } from "./sandboxes.ts";
import { removeAllSnapshots } from "./snapshots.ts";

/**
 * Cuts the power and forgets a sandbox. Never `--delete`: with the last disk made from an image it would delete the image. Snapshots go first, so that what the sandbox has written is in its
 * disks and not in a snapshot's difference.
 */
export async function removeSandbox(box: VirtualBox, id: string): Promise<void> {
  const { vbox, layout } = box;
  const name = (await readView(box)).all.find((machine) => machine.id === id)?.name ?? id;
  await withSandbox(box, name, async () => {
    const view = await readView(box);
    const entry = view.machines.find((machine) => machine.id === id);
    if (!entry) return;
    const machine = view.all.find((one) => one.id === id);
    if (machine) {
      await powerOffSandbox(box, id);
      if (machine.saved) await vbox.tryRun(["discardstate", id], ["CHANGE_NEEDS_STOP", "HYPERVISOR_FAILED"], { machine: id });
      await removeAllSnapshots(box, id);
      // Detached, disks of ours stay in VirtualBox's lists, and nothing counts them to this machine.
      for (const { controller, port, device, kind, medium } of machine.attachments.filter((one) => one.medium !== undefined)) {
        const place = ["--storagectl", controller, "--port", String(port), "--device", String(device)];
        if (medium !== undefined)
          await vbox.run(["storageattach", id, ...place, "--type", kind === "disk" ? "hdd" : "dvddrive", "--medium", "none"], {
            machine: id,
          });
      }
    }
    await removeForwards(box, view, id);
    await unregister(box, id);
    // A stranger's files are the stranger's.
    if (isInside(entry.file, layout.pools)) {
      await removeFolder(box, dirname(entry.file));
      await removeEmpty(dirname(dirname(entry.file)), layout.pools);
    }
    await removeConsole(box, id);
    await releasePorts(box, id);
  });
}

/** A failed unregister may have unregistered: what counts is what is there afterwards. */
async function unregister(box: VirtualBox, id: string): Promise<void> {
  try {
    await box.vbox.run(["unregistervm", id], { machine: id });
  } catch (error) {
    if (await isThere(box, id)) throw error;
  }
}
