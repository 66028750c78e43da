import type { GuestTree } from "../../inspect/guest-tree.ts";
import type { Base } from "../base.ts";
import { cloudSetting } from "./cloud-config.ts";
import { commandLineWith } from "./kernel-command-line.ts";
import { directoriesLike, entries, hasEntry, hasProgram } from "./tree-questions.ts";

/** Whether the image has cloud-init, and what keeps it from its work. */
export function readCloudInit(tree: GuestTree): Base["cloudInit"] {
  if (!hasProgram(tree, "cloud-init")) return { installed: false };
  return {
    installed: true,
    version: version(tree),
    disabledBy: disabledBy(tree),
    datasources: datasources(tree),
    networkDisabledBy: networkDisabledBy(tree),
  };
}

function version(tree: GuestTree): string | undefined {
  const texts = Object.entries(tree.texts).flatMap(([path, text]) => (path.endsWith("/cloudinit/version.py") ? [text] : []));
  const packaged = texts.map((text) => /^_PACKAGED_VERSION = ["'](\d[^"']*)["']/m.exec(text)?.[1]);
  const plain = texts.map((text) => /^__VERSION__ = ["']([^"']+)["']/m.exec(text)?.[1]);
  return [...packaged, ...plain].find((found) => found !== undefined);
}

function disabledBy(tree: GuestTree): string | undefined {
  if (hasEntry(tree, "/etc/cloud", "cloud-init.disabled")) return "/etc/cloud/cloud-init.disabled";
  const commandLine = commandLineWith(tree, /\bcloud-init=disabled\b/);
  if (commandLine !== undefined) return `cloud-init=disabled on the kernel's command line (${commandLine})`;
  if (/^\s*policy:\s*["']?disabled/m.test(identifySettings(tree))) return "policy: disabled in /etc/cloud/ds-identify.cfg";
  return masked(tree) ?? notEnabled(tree);
}

/** A masked unit is a link to /dev/null: of cloud-init's units no other link is nine characters long. */
function masked(tree: GuestTree): string | undefined {
  const unit = entries(tree, "/etc/systemd/system").find(
    ({ name, kind, size }) =>
      /^cloud-(init|config|final)[\w-]*\.(service|target)$/.test(name) && kind === "link" && size === "/dev/null".length,
  );
  return unit && `${unit.name} is masked`;
}

function notEnabled(tree: GuestTree): string | undefined {
  const units = ["/usr/lib/systemd/system", "/lib/systemd/system"].flatMap((directory) => entries(tree, directory));
  if (!units.some(({ name }) => /^cloud-init[\w-]*\.service$/.test(name))) return undefined;
  const wanted = directoriesLike(tree, /\.(wants|requires)$/).flatMap((directory) => entries(tree, directory));
  return wanted.some(({ name }) => /^cloud-(init|config|final)/.test(name)) ? undefined : "its services are not enabled in systemd";
}

/** ds-identify, which runs before everything else, and cloud-init itself read the same list; the former can be narrowed further. */
function datasources(tree: GuestTree): Base["cloudInit"]["datasources"] {
  const only = /^\s*datasource:\s*["']?([\w, ]+)/m.exec(identifySettings(tree))?.[1];
  if (only !== undefined) return { names: only.split(/[\s,]+/).filter((name) => name !== ""), from: "/etc/cloud/ds-identify.cfg" };
  const list = cloudSetting(tree, "datasource_list");
  if (!list || !Array.isArray(list.value)) return undefined;
  return { names: list.value.map(String), from: list.from };
}

function identifySettings(tree: GuestTree): string {
  return tree.texts["/etc/cloud/ds-identify.cfg"] ?? "";
}

function networkDisabledBy(tree: GuestTree): string | undefined {
  const setting = cloudSetting(tree, "network", "config");
  if (setting?.value === "disabled") return setting.from;
  const commandLine = commandLineWith(tree, /\bnetwork-config=disabled\b/);
  return commandLine && `network-config=disabled on the kernel's command line (${commandLine})`;
}
