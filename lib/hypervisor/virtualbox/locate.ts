import { posix, win32 } from "node:path";

/** The machine, as far as it matters where VBoxManage is. */
export interface Place {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly exists: (path: string) => boolean;
  /** Windows' Linux, where the program is Windows' own. */
  readonly wsl?: boolean;
}

/**
 * Where VBoxManage is: `VBOX_MANAGE_PATH`, then the search path, then where installers put it. Pure.
 *
 * @returns undefined if it is nowhere; what `VBOX_MANAGE_PATH` names is returned as it is, so that a wrong one is an error and not passed over
 */
export function locateVBoxManage(place: Place): string | undefined {
  const named = place.env["VBOX_MANAGE_PATH"];
  if (named !== undefined && named !== "") return named;
  return candidates(place).find((path) => place.exists(path));
}

/** All places that are looked at, in order. Pure. */
export function candidates({ platform, env, wsl = false }: Place): string[] {
  if (platform === "win32") {
    const folders = [
      ...split(variable(env, "PATH"), ";"),
      ...split(env["VBOX_MSI_INSTALL_PATH"], ";"),
      ...split(env["VBOX_INSTALL_PATH"], ";"),
    ];
    const programs = [env["ProgramW6432"], env["ProgramFiles"], "C:\\Program Files"].filter(
      (folder) => folder !== undefined && folder !== "",
    );
    return unique(
      [...folders, ...programs.map((folder) => win32.join(folder ?? "", "Oracle", "VirtualBox"))].map((folder) =>
        win32.join(folder, "VBoxManage.exe"),
      ),
    );
  }
  const onPath = split(env["PATH"], ":").filter((folder) => folder.startsWith("/"));
  if (wsl) {
    // A Linux VBoxManage inside WSL has no driver to talk to, ever.
    const folders = [...onPath, "/mnt/c/Program Files/Oracle/VirtualBox"];
    return unique(folders.map((folder) => posix.join(folder, "VBoxManage.exe")));
  }
  const usual =
    platform === "darwin"
      ? ["/usr/local/bin", "/Applications/VirtualBox.app/Contents/MacOS"]
      : ["/usr/bin", "/usr/local/bin", "/opt/VirtualBox"];
  return unique([...onPath, ...usual].map((folder) => posix.join(folder, "VBoxManage")));
}

/**
 * Folder of `VirtualBox.xml`, as VirtualBox itself chooses it. Pure.
 *
 * @returns undefined if it cannot be told (WSL without `VBOX_USER_HOME` or `USERPROFILE`)
 */
export function virtualboxHome({ platform, env, exists, wsl = false }: Place, home: string): string | undefined {
  const named = env["VBOX_USER_HOME"];
  if (named !== undefined && named !== "") return named;
  if (wsl) return env["USERPROFILE"] === undefined ? undefined : posix.join(toWslPath(env["USERPROFILE"]), ".VirtualBox");
  if (platform === "win32") return win32.join(env["USERPROFILE"] ?? home, ".VirtualBox");
  if (platform === "darwin") return posix.join(home, "Library", "VirtualBox");
  const old = posix.join(home, ".VirtualBox");
  if (exists(old)) return old;
  const configuration = env["XDG_CONFIG_HOME"];
  return posix.join(configuration === undefined || configuration === "" ? posix.join(home, ".config") : configuration, "VirtualBox");
}

/** A path of WSL as Windows' programs take it; undefined if it is on no Windows drive, where they cannot reach it. Pure. */
export function toWindowsPath(path: string): string | undefined {
  const match = /^\/mnt\/([a-z])(\/.*)?$/.exec(path);
  return match ? `${match[1]?.toUpperCase()}:${(match[2] ?? "/").replaceAll("/", "\\")}` : undefined;
}

/** A path of Windows as WSL takes it. Pure. */
export function toWslPath(path: string): string {
  const match = /^([A-Za-z]):[\\/](.*)$/.exec(path);
  return match ? `/mnt/${match[1]?.toLowerCase()}/${(match[2] ?? "").replaceAll("\\", "/")}` : path;
}

/** Windows does not tell `Path` from `PATH`. */
function variable(env: Place["env"], name: string): string | undefined {
  const key = Object.keys(env).find((candidate) => candidate.toUpperCase() === name);
  return key === undefined ? undefined : env[key];
}

function split(list: string | undefined, separator: string): string[] {
  return (list ?? "").split(separator).filter((entry) => entry !== "");
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list)];
}
