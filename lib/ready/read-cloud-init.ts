import { DiagnosticError } from "../diagnostics/diagnostic-error.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SandboxRecord } from "../hypervisor/hypervisor.ts";
import type { WatchedHost } from "./host-watch.ts";
import type { WaitContext } from "./wait-context.ts";

/** What a guest shows of cloud-init; texts as they stand in its files. */
export interface CloudInitFiles {
  readonly result?: string;
  readonly status?: string;
  readonly instanceId?: string;
  /** False only where one looked for the program and its files and found neither. */
  readonly installed: boolean;
  /** Its generator decided at boot that it does not run. */
  readonly disabled: boolean;
}

/** Seen, or why it could not be seen. */
export type CloudInitView = { readonly files: CloudInitFiles } | { readonly unseen: Diagnostic };

const directory = "/run/cloud-init";
const names = { result: "result.json", status: "status.json", instanceId: ".instance-id" } as const;

/**
 * Reads cloud-init's files through the guest agent, 0.3 s even under emulation, else over ssh. Never asks `cloud-init status`: under emulation that
 * takes more than ten seconds of the guest's time.
 *
 * @param timeout milliseconds for ssh
 */
export async function readCloudInit(
  { target, guest, signal }: Pick<WaitContext, "target" | "guest" | "signal">,
  running: Pick<SandboxRecord, "id" | "agent">,
  timeout: number,
): Promise<CloudInitView> {
  const throughAgent = running.agent === "connected" ? await readThroughAgent(target.hypervisor, running.id) : undefined;
  if (throughAgent) return { files: throughAgent };
  const { exitCode, stdout, failure, timedOut } = await guest.run(script, { timeout, signal });
  if (exitCode === 0) return { files: parseAnswer(stdout) };
  return {
    unseen: failure ?? {
      code: timedOut ? "SSH_TIMEOUT" : "SSH_FAILED",
      severity: "error",
      summary: `expected to read ${directory} in sandbox "${target.sandbox.name}" over ssh, but ${timedOut ? "it took too long" : `the command ended with ${exitCode}`}`,
      nextStep: `Look yourself: "terrarium ssh ${target.sandbox.name}".`,
    },
  };
}

/** Undefined where the agent does not answer, or shows nothing of cloud-init: then ssh can tell more. */
async function readThroughAgent(hypervisor: WatchedHost, id: string): Promise<CloudInitFiles | undefined> {
  const read = async (file: string): Promise<string | undefined> => await readFileThroughAgent(hypervisor, id, `${directory}/${file}`);
  const status = await read(names.status);
  if (status === undefined) return undefined;
  const result = await read(names.result);
  // Only of interest at the end.
  const instanceId = result === undefined ? undefined : await read(names.instanceId);
  return { result, status, instanceId: instanceId?.trim(), installed: true, disabled: false };
}

/** A file in the guest; undefined where there is none, or the agent does not answer or may not read it. */
export async function readFileThroughAgent(hypervisor: WatchedHost, id: string, path: string): Promise<string | undefined> {
  try {
    return (await hypervisor.readGuestFile(id, path)).toString("utf8");
  } catch (error) {
    if (error instanceof DiagnosticError) return undefined;
    throw error;
  }
}

/** For any POSIX shell. Each file follows a line that no file has; what is not there has no such line. */
const script = [
  `cd ${directory} 2>/dev/null || { for p in /usr/bin /usr/local/bin /bin /usr/sbin; do [ -e $p/cloud-init ] && echo "@@terrarium installed"; done; exit 0; }`,
  `echo "@@terrarium installed"`,
  `[ -e disabled ] && echo "@@terrarium disabled"`,
  ...Object.entries(names).map(([key, file]) => `[ -r ${file} ] && { echo "@@terrarium ${key}"; cat ${file}; echo; }`),
  "exit 0",
].join("\n");

function parseAnswer(answer: string): CloudInitFiles {
  const parts = new Map<string, string>();
  for (const part of `\n${answer}`.split("\n@@terrarium ").slice(1)) {
    const [key = "", ...lines] = part.split("\n");
    parts.set(key.trim(), lines.join("\n"));
  }
  return {
    result: parts.get("result"),
    status: parts.get("status"),
    instanceId: parts.get("instanceId")?.trim(),
    installed: parts.has("installed"),
    disabled: parts.has("disabled"),
  };
}
