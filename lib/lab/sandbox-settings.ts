import { Size } from "../units/size.ts";
import type { LabDisk, LabImage, LabProbe, LabSandbox } from "./lab.ts";
import type { Report } from "./path.ts";
import { isDeclared } from "./resolve-reference.ts";
import { checkDiskNames } from "./rules/disk-names.ts";
import { checkDiskSize } from "./rules/disk-size.ts";
import { checkNetworkConfigSeed } from "./rules/network-config-seed.ts";
import { checkReadiness } from "./rules/readiness.ts";
import { checkSeedUnused } from "./rules/seed-unused.ts";
import { sandboxCloudInit } from "./sandbox-cloud-init.ts";
import { sortedByKey } from "./sorted-by-key.ts";
import type { SandboxDraft } from "./settings/expand-sandboxes.ts";
import { readBoolean, readDuration, readInteger, readSize, readText } from "./settings/read-value.ts";
import { parseText } from "./text.ts";
import type { IncludedFiles, Variables } from "./user-data.ts";

const defaultCpus = 1;
const defaultMemory = Size.gibibytes(1).bytes;
const defaultDisk = Size.gibibytes(10).bytes;
const defaultShutdown = 60_000;

/** What a sandbox's settings refer to. */
export interface SandboxSurroundings {
  readonly images: Readonly<Record<string, LabImage>>;
  readonly declaredImages: readonly string[];
  readonly files: IncludedFiles;
  readonly vars: Variables;
}

/** A sandbox with every default, but for what the planner gives it. Checks its values and the rules that concern it alone. */
export function sandboxSettings(draft: SandboxDraft, surroundings: SandboxSurroundings, report: Report): Omit<LabSandbox, "host" | "nics"> {
  const { name, writtenAs, settings, at } = draft;
  const seed = settings.seed ?? "nocloud";
  const ready = settings.ready ?? (seed === "none" ? "ssh" : "cloudInit");
  const probes = sandboxProbes(draft, report);
  const timeouts = sandboxTimeouts(draft, report);
  for (const diagnostic of checkReadiness({ writtenAs, ready, seed, probes, timeouts, at })) report(diagnostic);
  if (settings.cloudInit !== undefined) {
    for (const diagnostic of checkSeedUnused(writtenAs, seed, at("cloudInit"))) report(diagnostic);
  }
  const maxCpus = readInteger(settings.maxCpus, 1, 288, () => at("maxCpus"), report);
  const maxMemory = readSize(settings.maxMemory, () => at("maxMemory"), report);
  const hasNetworkConfig = settings.cloudInit?.networkConfig !== undefined;
  for (const diagnostic of checkNetworkConfigSeed(writtenAs, seed, hasNetworkConfig, at("cloudInit", "networkConfig"))) report(diagnostic);
  return {
    name,
    writtenAs,
    image: imageOf(draft, surroundings.declaredImages, report),
    cpus: readInteger(settings.cpus, 1, 288, () => at("cpus"), report) ?? defaultCpus,
    ...(maxCpus !== undefined && { maxCpus }),
    memory: readSize(settings.memory, () => at("memory"), report) ?? defaultMemory,
    ...(maxMemory !== undefined && { maxMemory }),
    disk: rootDisk(draft, surroundings.images, report),
    disks: extraDisks(draft, report),
    user: readText(settings.user, () => at("user"), report) ?? "admin",
    sshKeys: (settings.sshKeys ?? []).map((key, index) => parseText(readText(key, () => at("sshKeys", index), report) ?? "")),
    labels: sortedByKey(settings.labels ?? {}, (value, key) => readText(value, () => at("labels", key), report) ?? ""),
    autostart: readBoolean(settings.autostart, () => at("autostart"), report) ?? false,
    ready,
    probes,
    timeouts: { ...timeouts, shutdown: timeouts.shutdown ?? defaultShutdown },
    protect: readBoolean(settings.protect, () => at("protect"), report) ?? false,
    seed,
    cloudInit: sandboxCloudInit(draft, surroundings.files, surroundings.vars, report),
    overrides: sortedByKey(settings.overrides ?? {}, (value) => value),
  };
}

function imageOf({ writtenAs, settings, path, at }: SandboxDraft, declared: readonly string[], report: Report): string {
  const { image } = settings;
  if (image !== undefined) {
    isDeclared("image", image, declared, writtenAs, at("image"), report);
    return image;
  }
  report({
    code: "NO_IMAGE",
    severity: "error",
    path,
    summary: `sandbox "${writtenAs}" has no image to start from`,
    nextStep:
      declared.length === 0
        ? "Declare one under `images` and name it as `image`."
        : `Add \`image: ${[...declared].sort()[0]}\` to it, or to \`defaults\`.`,
  });
  return "";
}

function rootDisk({ settings, at }: SandboxDraft, images: Readonly<Record<string, LabImage>>, report: Report): number {
  const image = images[settings.image ?? ""];
  const written = readSize(settings.disk, () => at("disk"), report);
  const size = written ?? Math.max(defaultDisk, image?.size ?? 0);
  if (image !== undefined) {
    for (const diagnostic of checkDiskSize({ size, image, path: at("disk") })) report(diagnostic);
  }
  return size;
}

function extraDisks({ settings, at }: SandboxDraft, report: Report): LabDisk[] {
  const disks = (settings.disks ?? []).map(({ name, size }, index) => ({
    name: name ?? `disk${index + 1}`,
    size: readSize(size, () => at("disks", index, "size"), report) ?? 0,
  }));
  for (const diagnostic of checkDiskNames(
    disks.map(({ name }) => name),
    at("disks"),
  ))
    report(diagnostic);
  return disks;
}

function sandboxProbes({ settings, at }: SandboxDraft, report: Report): LabProbe[] {
  return (settings.probes ?? []).map((probe, index): LabProbe => {
    if ("tcp" in probe) return { tcp: readInteger(probe.tcp, 1, 65_535, () => at("probes", index, "tcp"), report) ?? 0 };
    if ("exec" in probe) return { exec: readText(probe.exec, () => at("probes", index, "exec"), report) ?? "" };
    const { port = 80, path = "/", status = 200 } = probe.http;
    return {
      http: {
        port: readInteger(port, 1, 65_535, () => at("probes", index, "http", "port"), report) ?? 0,
        path: readText(path, () => at("probes", index, "http", "path"), report) ?? "",
        status: readInteger(status, 100, 599, () => at("probes", index, "http", "status"), report) ?? 0,
      },
    };
  });
}

function sandboxTimeouts({ settings, at }: SandboxDraft, report: Report): { readonly ready?: number; readonly shutdown?: number } {
  const ready = readDuration(settings.timeouts?.ready, () => at("timeouts", "ready"), report);
  const shutdown = readDuration(settings.timeouts?.shutdown, () => at("timeouts", "shutdown"), report);
  return { ...(ready !== undefined && { ready }), ...(shutdown !== undefined && { shutdown }) };
}
