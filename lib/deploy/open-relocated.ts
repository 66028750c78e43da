import { readPossibleLab } from "./applied-lab.ts";
import { stateDirectory } from "./state-directory.ts";
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
    const applied = await readPossibleLab(stateDirectory(directory, lab.name));
    const chosen = chooseOverlay(lab, await readWorlds(lab, hosts), deployment, applied);
    if (Object.keys(chosen.networks).length === 0 && chosen.forwards === undefined) return opened;
    const before = (await readOverlay(directory, lab.name)) ?? opened.overlay;
    const networks = { ...before?.networks };
    for (const [name, network] of Object.entries(chosen.networks)) networks[name] = { ...networks[name], ...network };
    const forwards = { ...before?.forwards };
    for (const [name, ports] of Object.entries(chosen.forwards ?? {})) forwards[name] = { ...forwards[name], ...ports };
    await writeOverlay(directory, lab.name, { ...before, networks, ...(Object.keys(forwards).length > 0 && { forwards }) });
    const moved = await openLab(options);
    return { ...moved, diagnostics: [...moved.diagnostics.filter(({ code }) => code !== "RELOCATED"), ...relocations(chosen, lab)] };
  } finally {
    await releaseHosts(hosts);
  }
}
