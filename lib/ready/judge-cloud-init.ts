import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { LabSandbox } from "../lab/lab.ts";
import type { Attempt } from "./attempt.ts";
import { readCloudInitStatus } from "./cloud-init-status.ts";
import type { CloudInitFiles } from "./read-cloud-init.ts";

/** A sandbox as this decision sees it. */
export interface JudgedSandbox {
  readonly sandbox: Pick<LabSandbox, "name" | "seed">;
  readonly instanceId?: string;
  readonly redact: (text: string) => string;
}

/** What cloud-init calls the reader of each kind of seed. */
const datasources: { readonly [Seed in LabSandbox["seed"]]: string | undefined } = {
  nocloud: "NoCloud",
  configdrive: "ConfigDrive",
  none: undefined,
};

/**
 * Whether cloud-init has done its work: finished, without errors, with our seed.
 *
 * @returns as `done`, what is not as declared although it finished
 */
export function judgeCloudInit(files: CloudInitFiles, { sandbox, instanceId, redact }: JudgedSandbox): Attempt<readonly Diagnostic[]> {
  const { name } = sandbox;
  const logs = `terrarium exec ${name} -- sudo cat /var/log/cloud-init-output.log`;
  if (!files.installed) {
    return error({
      code: "GUEST_HAS_NO_CLOUD_INIT",
      summary: `expected cloud-init in sandbox "${name}", but its image does not have it: neither the program nor /run/cloud-init is there`,
      nextStep: "Write `ready: ssh`, or use an image with cloud-init.",
    });
  }
  if (files.disabled) {
    return error({
      code: "CLOUD_INIT_DISABLED",
      summary: `expected cloud-init to run in sandbox "${name}", but it is switched off there: /run/cloud-init/disabled exists`,
      nextStep: `Either the image disables it (/etc/cloud/cloud-init.disabled, or cloud-init=disabled for the kernel), or it found no seed: "terrarium exec ${name} -- cat /run/cloud-init/ds-identify.log". Write \`ready: ssh\` if it is not needed.`,
    });
  }
  const status = readCloudInitStatus(files);
  if (!status.finished) {
    const stage = status.stage === undefined ? "between two stages" : `at ${status.stage}`;
    return error(
      {
        code: "CLOUD_INIT_UNFINISHED",
        summary: `expected cloud-init to finish in sandbox "${name}"; it is ${stage}`,
        ...(status.errors.length > 0 ? { detail: redact(status.errors.join("\n")) } : {}),
        nextStep: `See what it does: "${logs}". If it only needs longer, write \`timeouts: { ready: 20m }\`.`,
      },
      `waiting for cloud-init: ${stage}`,
    );
  }
  const datasource = datasources[sandbox.seed];
  if (datasource !== undefined && status.datasource !== undefined && !status.datasource.startsWith(`DataSource${datasource}`)) {
    return error({
      code: "SEED_NOT_READ",
      summary: `the guest of sandbox "${name}" did not read the seed: expected datasource ${datasource}, but cloud-init took ${status.datasource}`,
      nextStep: `Look at the image's datasource_list in /etc/cloud/cloud.cfg.d: it must have ${datasource}; and whether the seed is attached: "terrarium exec ${name} -- lsblk -f".`,
    });
  }
  if (instanceId !== undefined && files.instanceId !== undefined && files.instanceId !== "" && files.instanceId !== instanceId) {
    return error({
      code: "SEED_NOT_READ",
      summary: `the guest of sandbox "${name}" did not read the seed: expected instance-id ${instanceId}, but cloud-init runs as ${redact(files.instanceId)}`,
      nextStep: `Restart it, so that it reads the attached seed: "terrarium restart ${name}". If it stays so, the image brings a seed of its own (/var/lib/cloud/seed).`,
    });
  }
  if (status.errors.length > 0) {
    return error({
      code: "CLOUD_INIT_FAILED",
      summary: `cloud-init has finished with ${count(status.errors.length, "error")} in sandbox "${name}"`,
      detail: redact(status.errors.join("\n")),
      nextStep: `See what happened: "${logs}".`,
    });
  }
  return { done: degraded(name, status, redact, logs) };
}

/** Not yet, or never: `patience.ts` knows which. */
function error(cause: Omit<Diagnostic, "severity">, waiting = cause.summary): Attempt<never> {
  return { waiting, cause: { severity: "error", ...cause } };
}

function degraded(
  name: string,
  { warnings, deprecations }: { readonly warnings: readonly string[]; readonly deprecations: readonly string[] },
  redact: (text: string) => string,
  logs: string,
): Diagnostic[] {
  const found: Diagnostic[] = [];
  if (warnings.length > 0) {
    found.push({
      code: "CLOUD_INIT_DEGRADED",
      severity: "warning",
      summary: `cloud-init has finished in sandbox "${name}", but not everything went well: ${count(warnings.length, "warning")}`,
      detail: redact(warnings.join("\n")),
      nextStep: `See what happened: "${logs}".`,
    });
  }
  if (deprecations.length > 0) {
    found.push({
      code: "CLOUD_INIT_DEGRADED",
      severity: "notice",
      summary: `cloud-init in sandbox "${name}" says that the user-data uses what will go away`,
      detail: redact(deprecations.join("\n")),
      nextStep: "Write it in the new form before you move to a newer image.",
    });
  }
  return found;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
