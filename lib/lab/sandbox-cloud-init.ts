import { readGuestSettings } from "./guest-settings.ts";
import type { LabCloudInit } from "./lab.ts";
import type { Report } from "./path.ts";
import { checkGuestDisks } from "./rules/guest-disks.ts";
import { checkHostName } from "./rules/host-name.ts";
import { checkMetaData } from "./rules/meta-data.ts";
import type { SandboxDraft } from "./settings/expand-sandboxes.ts";
import { readBoolean, readText, type Place } from "./settings/read-value.ts";
import { parseText, type Text } from "./text.ts";
import { readUserData, type IncludedFiles, type Variables } from "./user-data.ts";

/** Cloud-init settings with all defaults; a package that several layers name is listed once. */
export function sandboxCloudInit(draft: SandboxDraft, files: IncludedFiles, vars: Variables, report: Report): LabCloudInit {
  const { packages = [], runCmd = [], writeFiles = [], metaData, networkConfig, onChange = "rerun" } = draft.settings.cloudInit ?? {};
  const at = (...path: (string | number)[]) => draft.at("cloudInit", ...path);
  const userData = readUserData("userData", draft, files, vars, report);
  const vendorData = readUserData("vendorData", draft, files, vars, report);
  for (const diagnostic of checkMetaData(metaData, at)) report(diagnostic);
  const settings = readGuestSettings(draft, report);
  for (const diagnostic of checkGuestDisks(settings?.disks, draft)) report(diagnostic);
  return {
    ...hostNames(draft, report),
    packages: [...new Set(packages.map((name, index) => readText(name, () => at("packages", index), report) ?? ""))],
    runCmd: runCmd.map((command, index) =>
      Array.isArray(command)
        ? command.map((word, position) => text(word, () => at("runCmd", index, position), report))
        : text(command, () => at("runCmd", index), report),
    ),
    writeFiles: writeFiles.map(({ path, content, permissions = "0644", owner = "root:root", append, defer }, index) => ({
      path: readText(path, () => at("writeFiles", index, "path"), report) ?? "",
      content: text(content, () => at("writeFiles", index, "content"), report),
      permissions: readText(permissions, () => at("writeFiles", index, "permissions"), report) ?? "",
      owner: readText(owner, () => at("writeFiles", index, "owner"), report) ?? "",
      append: readBoolean(append, () => at("writeFiles", index, "append"), report) ?? false,
      defer: readBoolean(defer, () => at("writeFiles", index, "defer"), report) ?? false,
    })),
    ...(settings !== undefined && { settings }),
    ...(userData !== undefined && { userData }),
    ...(vendorData !== undefined && { vendorData }),
    ...(metaData !== undefined && { metaData }),
    ...(networkConfig !== undefined && { networkConfig }),
    ...(onChange !== "rerun" && { onChange }),
  };
}

function hostNames({ settings: { cloudInit = {} }, at }: SandboxDraft, report: Report): Pick<LabCloudInit, "hostname" | "fqdn"> {
  const names: { hostname?: string; fqdn?: string } = {};
  for (const key of ["hostname", "fqdn"] as const) {
    const name = readText(cloudInit[key], () => at("cloudInit", key), report);
    if (name === undefined) continue;
    names[key] = name;
    for (const diagnostic of checkHostName(key, name, at("cloudInit", key))) report(diagnostic);
  }
  return names;
}

function text(written: unknown, path: Place, report: Report): Text {
  return parseText(readText(written, path, report) ?? "");
}
