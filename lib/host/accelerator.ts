import { createHash } from "node:crypto";
import { access, constants, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { kvmHypervisor } from "../hypervisor/kvm/kvm-hypervisor.ts";
import { runProgram } from "../hypervisor/program.ts";
import { makeTemporaryFolder } from "../files/temporary-folder.ts";
import { bootSector, bootSectorGreeting, exitPort } from "./boot-sector.ts";
import { hostPaths } from "./host-directory.ts";
import { readBootId } from "./host-record.ts";

/** How sandboxes of a host run. */
export interface Accelerator {
  readonly kind: "kvm" | "tcg";
  /** Why it is not KVM, or why KVM is taken without a guest having run. Absent for a KVM that ran one. */
  readonly reason?: string;
}

/** The host to probe, as `ensureHost` gives it. */
export interface ProbedHost {
  readonly uri: string;
  readonly embedded?: string;
}

const isRemote = (uri: string): boolean => !uri.startsWith("qemu:///");

/**
 * Says whether guests of a host run under KVM. Really runs a 512-byte guest under it and waits up to 3 s for its first words: `/dev/kvm` may be
 * there and still hang every guest. The answer is remembered until the machine's next boot.
 *
 * A remote host, or a `/dev/kvm` that this user may not open, is not probed: there libvirt's word is taken, and `reason` says so.
 *
 * @param root directory of embedded hosts @default hostsDirectory()
 */
export async function probeAccelerator(host: ProbedHost, { root }: { root?: string } = {}): Promise<Accelerator> {
  const file = memoryFile(host, root);
  const bootId = await readBootId();
  const remembered = await readMemory(file, bootId);
  if (remembered) return remembered;
  const accelerator = await probe(host.uri);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.${process.pid}`, JSON.stringify({ bootId, accelerator }));
  await rename(`${file}.${process.pid}`, file);
  return accelerator;
}

async function probe(uri: string): Promise<Accelerator> {
  const { offersKvm, architecture } = await kvmHypervisor(uri).readHost();
  if (!offersKvm) return { kind: "tcg", reason: "the host offers no KVM" };
  if (isRemote(uri)) return { kind: "kvm", reason: "the host is another machine: libvirt offers KVM there, no guest was tried" };
  if (architecture !== "x86_64") return { kind: "kvm", reason: `no probe for ${architecture}: libvirt offers KVM, no guest was tried` };
  const allowed = await access("/dev/kvm", constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!allowed) return { kind: "kvm", reason: "this user may not open /dev/kvm: libvirt offers KVM, no guest was tried" };
  const failure = await runProbeGuest("kvm");
  return failure === undefined ? { kind: "kvm" } : { kind: "tcg", reason: failure };
}

/**
 * Boots the probe's guest under an accelerator.
 *
 * @param timeout milliseconds
 * @returns undefined if it spoke, else one sentence that says what happened
 */
export async function runProbeGuest(accelerator: "kvm" | "tcg", timeout = 3000): Promise<string | undefined> {
  const directory = await makeTemporaryFolder("probe");
  try {
    const disk = join(directory, "boot.img");
    await writeFile(disk, bootSector());
    const result = await runProgram(
      "qemu-system-x86_64",
      [
        "-machine",
        `pc,accel=${accelerator}`,
        "-cpu",
        accelerator === "kvm" ? "host" : "max",
        ..."-m 32 -nodefaults -no-user-config -display none -nic none -monitor none -serial stdio".split(" "),
        "-device",
        `isa-debug-exit,iobase=${exitPort},iosize=1`,
        "-drive",
        `file=${disk},format=raw,if=ide,snapshot=on`,
      ],
      { timeout },
    );
    if (result.stdout.includes(bootSectorGreeting)) return undefined;
    if (result.missing) return "qemu-system-x86_64 is not installed";
    if (result.timedOut) return `a guest under ${accelerator} did not speak within ${timeout / 1000} s`;
    return `a guest under ${accelerator} ended without a word: ${result.stderr.trim().split("\n").at(-1) ?? ""}`;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Beside what libvirt remembers of QEMU: a host's own directory goes with its last sandbox, and the next command would probe again. */
function memoryFile({ uri, embedded }: ProbedHost, root: string | undefined): string {
  if (embedded !== undefined) return join(hostPaths(embedded, root).cache, "accelerator.json");
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return join(cache, "terrarium", `accelerator-${createHash("sha256").update(uri).digest("hex").slice(0, 12)}.json`);
}

async function readMemory(file: string, bootId: string): Promise<Accelerator | undefined> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const value = JSON.parse(text) as { readonly bootId?: unknown; readonly accelerator?: Accelerator };
  return value.bootId === bootId ? value.accelerator : undefined;
}
