import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { Lab, LabSandbox } from "../lab/lab.ts";
import { nameOnHost } from "../lab/lab.ts";
import { didYouMean } from "../lab/did-you-mean.ts";
import { readPossibleLab } from "./applied-lab.ts";
import { fetchSharedLab } from "./fetch-shared-lab.ts";
import { connectHosts, type DeployHost } from "./hosts.ts";
import type { OnProgress } from "./progress.ts";
import { stateDirectory, type StateDirectory } from "./state-directory.ts";
import { writeSshFiles } from "./ssh-files.ts";
import { whichLab } from "./which-lab.ts";

export interface OpenDeployedOptions {
  /** The lab file as given; it need not be readable any more. */
  readonly file: string;
  readonly cwd: string;
  /** Name of a second copy of the lab. @default - the lab itself */
  readonly instance?: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly onProgress?: OnProgress;
}

/** A deployment that day-2 commands work on: the lab as it was applied, and its hosts. */
export interface Deployed {
  readonly lab: Lab;
  readonly state: StateDirectory;
  readonly hosts: readonly DeployHost[];
  /** Fingerprints of secrets, where somebody else has applied it. @default - those that *prepare* has left here */
  readonly fingerprints?: Readonly<Record<string, string>>;
  /** An ssh_config with every sandbox; host keys are in the known_hosts beside it. */
  readonly sshConfig: string;
}

/** One sandbox of it. */
export interface DeployedSandbox {
  readonly sandbox: LabSandbox;
  readonly host: DeployHost;
  /** `<lab>-<sandbox>` */
  readonly nameOnHost: string;
}

/**
 * Opens what was applied from a lab file's folder, or by somebody else into the backend that the lab file names. Brings hosts up that were started on demand.
 *
 * @throws DiagnosticError NO_DEPLOYMENT if nothing was applied
 */
export async function openDeployed(options: OpenDeployedOptions): Promise<Deployed> {
  const { directory, name } = await whichLab(options);
  const state = stateDirectory(directory, name);
  const known = await readPossibleLab(state);
  const shared = known ? undefined : await fetchSharedLab({ ...options, directory, name });
  const lab = known ?? shared?.lab;
  if (!lab) {
    throw new DiagnosticError({
      code: "NO_DEPLOYMENT",
      severity: "error",
      summary: `nothing of lab "${name}" has been applied from here`,
      nextStep: "Run `terrarium apply` first, or name the lab file it was applied from with -f.",
    });
  }
  const hosts = await connectHosts(lab, options);
  const sshConfig = await writeSshFiles({ state, lab, hosts, env: options.env });
  return { lab, state, hosts, sshConfig, fingerprints: shared?.fingerprints };
}

/**
 * The named sandboxes; none named: all. A name before `count` and `forEach` means all its copies.
 *
 * @throws DiagnosticError UNKNOWN_SANDBOX
 */
export function selectSandboxes({ lab, hosts }: Deployed, names: readonly string[] = []): DeployedSandbox[] {
  const all = Object.values(lab.sandboxes);
  const unknown = names.filter((name) => !all.some((sandbox) => sandbox.name === name || sandbox.writtenAs === name));
  if (unknown.length > 0) {
    throw new DiagnosticError(
      unknown.map((name) => ({
        code: "UNKNOWN_SANDBOX" as const,
        severity: "error" as const,
        summary: `lab "${lab.name}" has no sandbox "${name}"`,
        nextStep: didYouMean(name, Object.keys(lab.sandboxes), "sandboxes"),
      })),
    );
  }
  return all
    .filter((sandbox) => names.length === 0 || names.includes(sandbox.name) || names.includes(sandbox.writtenAs))
    .flatMap((sandbox) => {
      const host = hosts.find(({ name }) => name === sandbox.host);
      return host ? [{ sandbox, host, nameOnHost: nameOnHost(lab, sandbox.name) }] : [];
    });
}
