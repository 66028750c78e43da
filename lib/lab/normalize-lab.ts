import type { Checked, Diagnostic } from "../diagnostics/diagnostic.ts";
import { hasErrors } from "../diagnostics/diagnostic.ts";
import { chooseEngine } from "./choose-provider.ts";
import { labNetworks } from "./lab-networks.ts";
import { labReach } from "./lab-reach.ts";
import { labNics } from "./lab-nics.ts";
import { entryOf } from "./entry-of.ts";
import type { Lab, LabHost, LabSandbox } from "./lab.ts";
import type { LabLock } from "./lock/lab-lock.ts";
import { nextLock } from "./lock/next-lock.ts";
import { withoutRepeats } from "./path.ts";
import { openNics } from "./open-nics.ts";
import { overlayAddresses, overlayForwards, overlayNetworks, type Overlay } from "./overlay/overlay.ts";
import { networkRequests } from "./network-requests.ts";
import { planForwards } from "./plan/plan-forwards.ts";
import { planLab } from "./plan/plan-lab.ts";
import { labHosts, resolveHost } from "./resolve-hosts.ts";
import { resolveImages, type ReadImage } from "./resolve-images.ts";
import { sandboxForwards } from "./sandbox-forwards.ts";
import { sandboxNics } from "./sandbox-nics.ts";
import { sandboxSettings } from "./sandbox-settings.ts";
import { checkGuestAddresses } from "./rules/guest-addresses.ts";
import { checkGuestNicSeed } from "./rules/guest-nic-seed.ts";
import { checkGuestNics } from "./rules/guest-nics.ts";
import { checkForwards } from "./rules/forwards.ts";
import { checkLiveLimits } from "./rules/live-limits.ts";
import { checkMacs } from "./rules/mac.ts";
import { checkNetworkModes } from "./rules/network-modes.ts";
import { checkVirtualBoxHosts } from "./rules/virtualbox-hosts.ts";
import { checkSecretPlaces } from "./rules/secret-places.ts";
import { expandSandboxes } from "./settings/expand-sandboxes.ts";
import type { IncludedFiles } from "./user-data.ts";
import type { WrittenLab } from "./written-lab.ts";

export interface NormalizeOptions {
  /**
   * The lab's entry in `terrarium.lock.yaml`.
   *
   * @default - none: everything is planned
   */
  readonly lock?: LabLock;
  /** Texts of the files that the lab names as user-data, by path as written. */
  readonly files?: IncludedFiles;
  /** The environment variable HYPERVISOR: `kvm` or `vbox`. It acts where lab and lock are silent. */
  readonly hypervisorFromEnvironment?: string;
  /** Image files that were read just now, by name of the image. They win over the lock: a changed file is a changed image. */
  readonly imageDigests?: ReadonlyMap<string, ReadImage>;
  /** What this machine has otherwise. The lock that comes out is that without it. */
  readonly overlay?: Overlay;
}

/** A lab with everything explicit, and what its lock has to say from now on. */
export interface NormalizedLab {
  readonly lab: Lab;
  readonly lock: LabLock;
}

/**
 * Makes a lab explicit: merges defaults and profiles, expands `count` and `forEach`, fills in every default, resolves references, checks the rules
 * that span several keys, and plans blocks, addresses, MACs and names.
 *
 * Pure: equal input gives an equal result, on every machine and in whatever order the keys were written. With its own lock it gives the same again.
 *
 * @param written what the schema has accepted (`checkWritten`), its variables replaced
 * @returns all diagnostics at once, their `path` in the lab as written; a value if none of them is an error
 */
export function normalizeLab(written: WrittenLab, options: NormalizeOptions = {}): Checked<NormalizedLab> {
  const { lock, files = new Map(), imageDigests, hypervisorFromEnvironment, overlay } = options;
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);

  for (const diagnostic of checkSecretPlaces(written)) report(diagnostic);
  const engine = chooseEngine(written, lock, hypervisorFromEnvironment, report);
  const drafts = expandSandboxes(written, report);
  const usedImages = new Set(drafts.map(({ settings }) => settings.image).filter((image) => image !== undefined));
  const images = resolveImages(written, usedImages, { hypervisor: engine.hypervisor, read: imageDigests, lock }, report);
  const surroundings = { images, declaredImages: Object.keys(written.images ?? {}), files, vars: written.vars ?? {} };
  const declaredNetworks = Object.keys(written.networks ?? {});
  const sandboxes = drafts.map((draft) => ({
    draft,
    host: resolveHost(written, draft, report),
    nics: sandboxNics(draft, declaredNetworks, report),
    forwards: sandboxForwards(draft, report),
    settings: sandboxSettings(draft, surroundings, report),
  }));
  const declared = networkRequests(
    written,
    sandboxes.flatMap(({ nics }) => nics),
    report,
  );
  const open = openNics(
    written,
    sandboxes.flatMap((sandbox) => sandbox.nics),
    report,
  );
  // NICs of networks that are in error themselves cannot be planned; their own diagnostics suffice.
  const requested = new Set(declared.map(({ name }) => name));
  const asked = sandboxes.flatMap((sandbox) => sandbox.nics).filter(({ network }) => requested.has(network));
  const requests = overlay ? overlayNetworks(declared, overlay) : declared;
  const nics = overlay ? overlayAddresses(asked, declared, overlay, lock) : asked;
  const plan = planLab(written.lab, requests, nics, lock, report, engine.provider === "libvirt" ? "block" : "live");

  const forwarding = planForwards(
    written.lab,
    sandboxes.map(({ draft, host = "", forwards }) => ({
      sandbox: draft.name,
      host,
      forwards: overlayForwards(draft.name, forwards, overlay),
    })),
    lock,
    report,
  );
  const placed: LabSandbox[] = [];
  for (const { draft, host, nics: wanted, settings, forwards } of sandboxes) {
    if (host === undefined) continue;
    for (const diagnostic of checkLiveLimits(settings, draft.at, engine)) report(diagnostic);
    const planned = labNics(written, draft, wanted, plan, open, report);
    for (const diagnostic of [...checkGuestNicSeed(wanted, settings), ...checkGuestNics({ nics: planned }, wanted, written)])
      report(diagnostic);
    const there: LabHost = { name: host, inUse: true, ...entryOf(written.hosts, host) };
    for (const diagnostic of checkForwards({ writtenAs: draft.writtenAs, forwards, nics: planned, host: there }, engine))
      report(diagnostic);
    const ports = forwarding.get(draft.name) ?? [];
    placed.push({ ...settings, host, nics: planned, ...(ports.length > 0 && { forwards: ports }) });
  }
  const allNics = sandboxes.flatMap((sandbox) => sandbox.nics);
  for (const diagnostic of [...checkMacs(placed, allNics), ...checkGuestAddresses(placed, allNics)]) report(diagnostic);
  const hosts = labHosts(written, new Set(placed.map(({ host }) => host)), lock);
  for (const diagnostic of checkVirtualBoxHosts({ ...engine, hosts })) report(diagnostic);
  for (const diagnostic of checkNetworkModes(written, engine)) report(diagnostic);
  const reach = labReach(written, placed, report);
  const told = withoutRepeats(diagnostics);
  if (hasErrors(told)) return { diagnostics: told };

  const lab: Lab = {
    format: 1,
    name: written.lab,
    ...engine,
    hosts,
    images: Object.fromEntries(Object.entries(images).filter(([name]) => usedImages.has(name))),
    networks: labNetworks(written, placed, plan, overlay),
    sandboxes: byName(placed),
    ...(reach.length > 0 && { reach }),
    ...(written.backend !== undefined && { backend: written.backend }),
  };
  if (!overlay) return { value: { lab, lock: nextLock(lab, images, plan, lock) }, diagnostics: told };
  // What everybody else's lock says: that of the lab without this machine's overlay.
  const { overlay: _, ...others } = options;
  const recorded = normalizeLab(written, others);
  return recorded.value ? { value: { lab, lock: recorded.value.lock }, diagnostics: told } : recorded;
}

/** A loop, because `Object.fromEntries` takes several times as long for a thousand names. */
function byName<T extends { readonly name: string }>(items: Iterable<T>): Record<string, T> {
  const map: Record<string, T> = {};
  for (const item of items) map[item.name] = item;
  return map;
}
