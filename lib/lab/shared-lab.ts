import type { Lab, LabSandbox } from "./lab.ts";
import { seedIdentity } from "./seed-identity.ts";

/**
 * The lab as everybody of a team may see it: what it takes to look at its sandboxes, to log in, to start, stop and destroy them. It goes into the Terraform state, so
 * nothing of cloud-init's content is in it (a user's user-data may hold what it should not), and neither are the backend's settings, which lead to it.
 */
export function sharedLab(lab: Lab): Lab {
  const { backend: _, ...rest } = lab;
  return { ...rest, sandboxes: eachSandbox(lab, (sandbox) => withoutContent(lab, sandbox)) };
}

function withoutContent(lab: Lab, sandbox: LabSandbox): LabSandbox {
  const { networkConfig, hostname, fqdn, onChange } = sandbox.cloudInit;
  return {
    ...sandbox,
    sshKeys: [],
    // Whether there is one decides what to wait for.
    cloudInit: {
      packages: [],
      runCmd: [],
      writeFiles: [],
      ...(hostname !== undefined && { hostname }),
      ...(fqdn !== undefined && { fqdn }),
      ...(networkConfig && { networkConfig: {} }),
      ...(onChange !== undefined && { onChange }),
    },
    identity: seedIdentity(lab, sandbox),
  };
}

/**
 * A shared lab with the content that it lacks, of each sandbox whose cloud-init is that of a lab at hand: so that a review of it names what really changed.
 *
 * @param sources labs with content, the best one first
 */
export function withSeedContent(shared: Lab, sources: readonly Lab[]): Lab {
  return {
    ...shared,
    sandboxes: eachSandbox(shared, (sandbox) => {
      const source = sources.find((lab) => {
        const same = lab.sandboxes[sandbox.name];
        return same && sandbox.identity && seedIdentity(lab, same).cloudInitId === sandbox.identity.cloudInitId;
      })?.sandboxes[sandbox.name];
      return source ? { ...sandbox, sshKeys: source.sshKeys, cloudInit: source.cloudInit } : sandbox;
    }),
  };
}

/** A loop, because `Object.fromEntries` takes several times as long for a thousand names. */
function eachSandbox(lab: Lab, change: (sandbox: LabSandbox) => LabSandbox): Record<string, LabSandbox> {
  const sandboxes: Record<string, LabSandbox> = {};
  for (const [name, sandbox] of Object.entries(lab.sandboxes)) sandboxes[name] = change(sandbox);
  return sandboxes;
}
