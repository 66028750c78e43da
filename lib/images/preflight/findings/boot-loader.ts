import type { Check } from "../finding.ts";

/** Sandboxes have a BIOS. */
export const bootLoader: Check = ({ disk }) =>
  disk.bootsFromBios
    ? { check: "boot-loader", found: "starts from a BIOS", verdict: "fine" }
    : {
        check: "boot-loader",
        found: "an EFI partition, and nothing in the boot sector",
        verdict: "cannot",
        why: "it boots with UEFI only, and sandboxes have a BIOS",
        nextStep: "Take the vendor's image for BIOS (or the one for both), or install grub-pc in the VM that it comes from.",
      };
