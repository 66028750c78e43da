import type { Driver } from "../base.ts";
import type { Check } from "../finding.ts";

const needed: Readonly<Record<"kvm" | "virtualbox", readonly Driver[]>> = {
  kvm: ["virtio_pci", "virtio_blk", "virtio_net", "virtio_scsi", "sr_mod", "isofs"],
  virtualbox: ["ahci", "virtio_pci", "virtio_net", "sr_mod", "isofs"],
};

/** Whether the kernel can reach the disk, the cards and the seed's CD-ROM. */
export const kernel: Check = ({ kernel: found }, { hypervisor }) => {
  const check = "kernel";
  if (!found) return { check, found: "no list of a kernel's modules", verdict: "unseen" };
  const missing = needed[hypervisor].filter((driver) => !found.drivers.includes(driver));
  if (missing.length === 0) return { check, found: `${found.release} with ${needed[hypervisor].join(", ")}`, verdict: "fine" };
  return {
    check,
    found: `${found.release} without ${missing.join(", ")}`,
    verdict: "cannot",
    why: `${missing.some((driver) => driver !== "isofs" && driver !== "sr_mod") ? "its disk or its cards" : "its seed"} cannot be reached on ${hypervisor === "kvm" ? "KVM" : "VirtualBox"}`,
    nextStep:
      "Install the distribution's general kernel (Debian: linux-image-amd64) in the VM that the image comes from, or add it to a bootstrap image's `packages`.",
  };
};
