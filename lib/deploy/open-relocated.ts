import { connectHosts, releaseHosts } from "./hosts.ts";
import { openLab, type OpenedLab, type OpenLabOptions } from "./open-lab.ts";
import { readOverlay, writeOverlay } from "./overlay-file.ts";
import { ownDeployment } from "./prune.ts";
import { chooseOverlay, relocations } from "./relocate.ts";
import { readWorlds } from "./world-findings.ts";

/**
 * Opens a lab with its networks out of the way of what the hosts have: what is in the way moves, and that is written into the overlay of this machine. What moved before stays.
 *
 * @throws DiagnosticError as `openLab`, and if a host cannot be reached
 */
export async function openRelocated(options: OpenLabOptions): Promise<OpenedLab> {
  const opened = await openLab(options);
  const { lab, directory } = opened;
  const hosts = await connectHosts(lab, options);
  try {
    const deployment = await ownDeployment(options);
    const chosen = chooseOverlay(lab, await readWorlds(lab, hosts), deployment);
    if (Object.keys(chosen.networks).length === 0) return opened;
    const before = (await readOverlay(directory, lab.name)) ?? opened.overlay;
    const networks = { ...before?.networks };
    for (const [name, network] of Object.entries(chosen.networks)) networks[name] = { ...networks[name], ...network };
    await writeOverlay(directory, lab.name, { ...before, networks });
    const moved = await openLab(options);
    return { ...moved, diagnostics: [...moved.diagnostics.filter(({ code }) => code !== "RELOCATED"), ...relocations(chosen, lab)] };
  } finally {
    await releaseHosts(hosts);
  }
}
