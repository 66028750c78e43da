/** VirtualBox's words for guests of the host's own architecture; it runs no other. Pure. */
export function guestPlatform(architecture: string): {
  readonly architecture: "x86" | "arm";
  readonly ostype: string;
  readonly settings: readonly string[];
} {
  if (architecture === "arm64") {
    return {
      architecture: "arm",
      ostype: "Linux_arm64",
      settings: ["--chipset", "armv8virtual", "--firmware", "efi", "--graphicscontroller", "qemuramfb"],
    };
  }
  return {
    architecture: "x86",
    ostype: "Linux_64",
    settings: ["--firmware", "bios", "--graphicscontroller", "vmsvga", "--vram", "16", "--ioapic", "on"],
  };
}
