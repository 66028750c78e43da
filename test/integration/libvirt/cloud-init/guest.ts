import type { LabRunner, RunOptions } from "../../../fixtures/lab-runner.ts";

/**
 * Applies what the lab's file says; a boot under emulation takes its time.
 *
 * @returns all that the command said
 */
export async function applyLab(labs: LabRunner, flags: readonly string[] = [], options: RunOptions = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await labs.run(["apply", "--yes", ...flags], { timeout: 850_000, ...options });
  if (exitCode !== 0) throw new Error(stderr);
  return stdout + stderr;
}

/**
 * What lines of shell say in a sandbox, asked as the login user in one login. A line's exit code is added where it is not 0, and what it says on stderr.
 *
 * @example (await ask(labs, "web", { name: "hostname" })).name // "web"
 */
export async function ask<Key extends string>(
  labs: LabRunner,
  sandbox: string,
  questions: Readonly<Record<Key, string>>,
): Promise<Record<Key, string>> {
  const entries = Object.entries<string>(questions);
  const script = entries.map(([key, line]) => `echo '@@ ${key}'; (${line}\n) 2>&1 </dev/null || echo "exit $?"; echo\n`).join("");
  const { stdout, stderr, exitCode } = await labs.run(["exec", sandbox, "--", "sh"], { input: script });
  if (exitCode !== 0) throw new Error(`${exitCode}: ${stderr}`);
  const answers = stdout.split(/^@@ /m).slice(1);
  const split = answers.map((answer) => [answer.split("\n", 1)[0], answer.slice(answer.indexOf("\n") + 1).trim()]);
  return Object.fromEntries(split) as Record<Key, string>;
}

/** What tells whether a guest booted, became another instance, or lost its disk. */
export interface Identity {
  readonly boot: string;
  readonly instance: string;
  /** Each per-instance module that has run as this instance, with the time at which it did. */
  readonly semaphores: string;
  readonly machine: string;
  /** Public halves of its SSH host keys. */
  readonly hostKeys: string;
  /** All instances that this disk was. */
  readonly instances: string;
}

export async function identityOf(labs: LabRunner, sandbox: string): Promise<Identity> {
  return await ask(labs, sandbox, {
    boot: "cat /proc/sys/kernel/random/boot_id",
    instance: "cat /var/lib/cloud/data/instance-id",
    semaphores: "cd /var/lib/cloud/instance/sem/ && stat -c '%n %y' *",
    machine: "cat /etc/machine-id",
    hostKeys: "sudo sh -c 'cat /etc/ssh/ssh_host_*_key.pub' | cut -d' ' -f1,2",
    instances: "ls /var/lib/cloud/instances",
  });
}

/** Modules of cloud-init, by what the last boot did with them. */
export interface ModulesOfBoot {
  /** Once per instance, and this boot was the one. */
  readonly perInstance: readonly string[];
  /** At every boot. */
  readonly always: readonly string[];
  /** Not run: they had run for this instance, or once and for all. */
  readonly skipped: readonly string[];
}

/** Reads from cloud-init's own log which modules the last boot ran. */
export async function modulesOfLastBoot(labs: LabRunner, sandbox: string): Promise<ModulesOfBoot> {
  const { log } = await ask(labs, sandbox, { log: "sudo cat /var/log/cloud-init.log" });
  return modulesOf(log.slice(log.lastIndexOf("running 'init-local'")));
}

function modulesOf(log: string): ModulesOfBoot {
  const named = (pattern: RegExp): string[] =>
    [...new Set([...log.matchAll(pattern)].map(([, name = ""]) => name.replaceAll("_", "-")))].sort();
  const skipped = named(/config-(\S+) already ran \(freq=/g);
  const ran = (frequency: string): string[] =>
    named(new RegExp(`Running module (\\S+) \\(.*with frequency ${frequency}$`, "gm")).filter((name) => !skipped.includes(name));
  return { perInstance: ran("once-per-instance"), always: ran("always"), skipped };
}
