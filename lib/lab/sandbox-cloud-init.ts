import type { LabCloudInit } from "./lab.ts";
import type { Report } from "./path.ts";
import type { SandboxDraft } from "./settings/expand-sandboxes.ts";
import { readBoolean, readText, type Place } from "./settings/read-value.ts";
import { parseText, type Text } from "./text.ts";
import { readUserData, type IncludedFiles, type Variables } from "./user-data.ts";

/** Cloud-init settings with all defaults; a package that several layers name is listed once. */
export function sandboxCloudInit(draft: SandboxDraft, files: IncludedFiles, vars: Variables, report: Report): LabCloudInit {
  const { packages = [], runCmd = [], writeFiles = [], networkConfig } = draft.settings.cloudInit ?? {};
  const at = (...path: (string | number)[]) => draft.at("cloudInit", ...path);
  const userData = readUserData(draft, files, vars, report);
  return {
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
    ...(userData !== undefined && { userData }),
    ...(networkConfig !== undefined && { networkConfig }),
  };
}

function text(written: unknown, path: Place, report: Report): Text {
  return parseText(readText(written, path, report) ?? "");
}
