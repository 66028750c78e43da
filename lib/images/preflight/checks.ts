import type { Check } from "./finding.ts";
import { bootLoader } from "./findings/boot-loader.ts";
import { bootTime } from "./findings/boot-time.ts";
import { cloudInit } from "./findings/cloud-init.ts";
import { datasources } from "./findings/datasources.ts";
import { guestAgent } from "./findings/guest-agent.ts";
import { hostKeys } from "./findings/host-keys.ts";
import { instanceId } from "./findings/instance-id.ts";
import { kernel } from "./findings/kernel.ts";
import { macAddresses } from "./findings/mac-addresses.ts";
import { machineId } from "./findings/machine-id.ts";
import { partitionTable } from "./findings/partition-table.ts";
import { renderer } from "./findings/renderer.ts";
import { rootFileSystem } from "./findings/root-file-system.ts";
import { udevRules } from "./findings/udev-rules.ts";
import type { Base } from "./base.ts";
import type { Finding, Purpose } from "./finding.ts";

/** Every check, in the order in which findings are shown: the disk, the way to the seed, then what a former machine has left. */
const checks: readonly Check[] = [
  ...[partitionTable, rootFileSystem, bootLoader, kernel],
  ...[cloudInit, datasources, renderer],
  ...[instanceId, machineId, hostKeys, macAddresses, udevRules],
  ...[guestAgent, bootTime],
];

/**
 * Judges a base. Pure.
 *
 * @example judgeBase(base, { hypervisor: "kvm", seeds: ["nocloud"] }).filter(({ verdict }) => verdict === "cannot")
 */
export function judgeBase(base: Base, purpose: Purpose): Finding[] {
  return checks.map((check) => check(base, purpose));
}
