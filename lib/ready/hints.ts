import type { LabSandbox } from "../lab/lab.ts";
import type { FailureBundle } from "./failure-bundle.ts";

type Findings = Omit<FailureBundle, "hints">;

/** What to try, the most likely first, from what was found. */
export function hintsFor(found: Findings, sandbox: Pick<LabSandbox, "name" | "image" | "seed" | "timeouts">): string[] {
  const { cause, machine, console, cloudInit } = found;
  const { name, image } = sandbox;
  const hints: string[] = [];
  const sign = console?.sign;
  if (sign) {
    hints.push(
      {
        noBootDisk: `Image "${image}" is no disk that a BIOS boots. Check that it is a disk image for x86-64 with a boot loader, and no installer or archive.`,
        bootLoader: `The boot loader of image "${image}" does not find its configuration or kernel: check the image.`,
        noRootDisk: `The kernel of image "${image}" does not find its root disk: it needs the virtio_blk driver in its initramfs and a root= that fits.`,
        panic: `The kernel panicked: see the console's lines above it. Too little memory is a frequent reason; so is a damaged image.`,
        emergency: `A mount in /etc/fstab of image "${image}" fails: see the console.`,
      }[sign.kind],
    );
  }
  if (machine?.state === "running" && !sign) hints.push(...networkHints(found, sandbox));
  if (cloudInit && cloudInit.errors.length > 0 && cause?.code !== "CLOUD_INIT_FAILED") {
    hints.push(`cloud-init met errors: "terrarium exec ${name} -- sudo cat /var/log/cloud-init-output.log" shows what its commands said.`);
  }
  if (cause?.nextStep !== undefined) hints.push(cause.nextStep);
  const isTimeout = machine?.state === "running" && !sign && !isFinal(cause?.code);
  if (isTimeout && found.accelerator === "tcg") {
    hints.push(
      `It runs under emulation, 5 to 10 times slower than on hardware. To give it longer: \`timeouts: { ready: 30m }\`, or IP_DISCOVERY_TIMEOUT=30m.`,
    );
  } else if (isTimeout && sandbox.timeouts.ready !== undefined) {
    hints.push("To give it longer, write a longer `timeouts: { ready: … }`.");
  }
  return [...new Set(hints)];
}

/** These do not go away with more time. */
function isFinal(code: string | undefined): boolean {
  return (
    code !== undefined &&
    ["GUEST_HAS_NO_CLOUD_INIT", "CLOUD_INIT_DISABLED", "CLOUD_INIT_FAILED", "SEED_NOT_READ", "SSH_MISSING", "SSH_KEY_UNUSABLE"].includes(
      code,
    )
  );
}

function networkHints({ nics, console, agent }: Findings, { name, image, seed }: Pick<LabSandbox, "name" | "image" | "seed">): string[] {
  const counted = nics.filter(({ sent }) => sent !== undefined);
  if (counted.length > 0 && counted.every(({ sent }) => sent === 0)) {
    if (console?.lines.length === 0) {
      return [
        `The guest never spoke, neither on the network nor on its serial console: it may not have got as far as its kernel, or image "${image}" has no console on ttyS0.`,
      ];
    }
    return [
      seed !== "none"
        ? `The guest never sent a packet: nothing configured its NIC. Does image "${image}" have cloud-init, and does it read the seed (its console shows "Cloud-init v. …")? An image that has run before under the same instance-id, or has cloud-init disabled, does this.`
        : `The guest never sent a packet: nothing configured its NIC. With \`seed: none\` image "${image}" must do it by itself; configuration bound to another MAC (HWADDR= in ifcfg-*, 70-persistent-net.rules) does this.`,
    ];
  }
  const hints: string[] = [];
  for (const { network, mac, expected, addressing, addresses, sent } of nics) {
    if (addressing !== "dhcp" || addresses.some(({ address }) => expected === null || address === expected)) continue;
    if (addresses.length > 0) {
      hints.push(
        `In network "${network}" it has ${addresses.map(({ address }) => address).join(", ")} instead of ${expected}: the image brings its own network configuration, or the network was made without a reservation for ${mac}.`,
      );
    } else if (sent === 0) {
      hints.push(`Its NIC in network "${network}" never sent a packet: it is not configured in the guest.`);
    } else if (sent !== undefined && expected === null) {
      hints.push(
        `It speaks in network "${network}", and nobody here knows its address: whoever gives addresses there does not answer it, or only that one knows.`,
      );
    } else if (sent !== undefined) {
      hints.push(
        `It speaks in network "${network}", but has no lease: it has an address of its own (${agent === "connected" ? `"terrarium exec ${name} -- ip address"` : `look with "terrarium console ${name}"`}), or asked in vain; then its network's DHCP server does not answer.`,
      );
    }
  }
  return hints;
}
