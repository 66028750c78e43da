import { expect, test } from "vitest";
import { candidates, locateVBoxManage, toWindowsPath, toWslPath, virtualboxHome } from "../../../lib/hypervisor/virtualbox/locate.ts";

const only =
  (...paths: readonly string[]) =>
  (path: string): boolean =>
    paths.includes(path);

test("VBOX_MANAGE_PATH is taken before everything, also where nothing is", () => {
  expect(
    locateVBoxManage({
      platform: "linux",
      env: { VBOX_MANAGE_PATH: "/x/VBoxManage", PATH: "/usr/bin" },
      exists: only("/usr/bin/VBoxManage"),
    }),
  ).toBe("/x/VBoxManage");
});

test("on Linux the search path comes before the usual places, and relative parts of it do not count", () => {
  const env = { PATH: "bin:/home/me/bin:/usr/bin" };
  expect(candidates({ platform: "linux", env, exists: only() })).toEqual([
    "/home/me/bin/VBoxManage",
    "/usr/bin/VBoxManage",
    "/usr/local/bin/VBoxManage",
    "/opt/VirtualBox/VBoxManage",
  ]);
  expect(locateVBoxManage({ platform: "linux", env, exists: only("/opt/VirtualBox/VBoxManage") })).toBe("/opt/VirtualBox/VBoxManage");
  expect(locateVBoxManage({ platform: "linux", env, exists: only() })).toBeUndefined();
});

test("on macOS it is inside the application, where the search path does not look", () => {
  const inside = "/Applications/VirtualBox.app/Contents/MacOS/VBoxManage";
  expect(locateVBoxManage({ platform: "darwin", env: { PATH: "/usr/bin" }, exists: only(inside) })).toBe(inside);
  expect(locateVBoxManage({ platform: "darwin", env: {}, exists: only(inside, "/usr/local/bin/VBoxManage") })).toBe(
    "/usr/local/bin/VBoxManage",
  );
});

test("on Windows the installer's variables, of several folders too, come before Program Files", () => {
  const env = { Path: "C:\\Windows", VBOX_MSI_INSTALL_PATH: "D:\\VBox\\;E:\\Other", ProgramFiles: "C:\\Program Files" };
  expect(locateVBoxManage({ platform: "win32", env, exists: only("E:\\Other\\VBoxManage.exe") })).toBe("E:\\Other\\VBoxManage.exe");
  const usual = "C:\\Program Files\\Oracle\\VirtualBox\\VBoxManage.exe";
  expect(locateVBoxManage({ platform: "win32", env, exists: only(usual) })).toBe(usual);
});

test("in WSL only Windows' own program counts", () => {
  const there = "/mnt/c/Program Files/Oracle/VirtualBox/VBoxManage.exe";
  expect(locateVBoxManage({ platform: "linux", wsl: true, env: { PATH: "/usr/bin" }, exists: only("/usr/bin/VBoxManage", there) })).toBe(
    there,
  );
});

test("the configuration folder is where VirtualBox itself looks for it", () => {
  const home = "/home/me";
  expect(virtualboxHome({ platform: "linux", env: { VBOX_USER_HOME: "/x" }, exists: only() }, home)).toBe("/x");
  expect(virtualboxHome({ platform: "linux", env: {}, exists: only() }, home)).toBe("/home/me/.config/VirtualBox");
  expect(virtualboxHome({ platform: "linux", env: { XDG_CONFIG_HOME: "/c" }, exists: only() }, home)).toBe("/c/VirtualBox");
  expect(virtualboxHome({ platform: "linux", env: {}, exists: only("/home/me/.VirtualBox") }, home)).toBe("/home/me/.VirtualBox");
  expect(virtualboxHome({ platform: "darwin", env: {}, exists: only() }, "/Users/me")).toBe("/Users/me/Library/VirtualBox");
  expect(virtualboxHome({ platform: "win32", env: { USERPROFILE: "C:\\Users\\me" }, exists: only() }, "")).toBe(
    "C:\\Users\\me\\.VirtualBox",
  );
  expect(virtualboxHome({ platform: "linux", wsl: true, env: {}, exists: only() }, home)).toBeUndefined();
  expect(virtualboxHome({ platform: "linux", wsl: true, env: { USERPROFILE: "C:\\Users\\me" }, exists: only() }, home)).toBe(
    "/mnt/c/Users/me/.VirtualBox",
  );
});

test("paths cross between WSL and Windows, unless they are on no Windows drive", () => {
  expect(toWindowsPath("/mnt/c/Users/me/a b.vdi")).toBe("C:\\Users\\me\\a b.vdi");
  expect(toWslPath("C:\\Users\\me\\a b.vdi")).toBe("/mnt/c/Users/me/a b.vdi");
  expect(toWindowsPath("/home/me")).toBeUndefined();
  expect(toWslPath("/home/me")).toBe("/home/me");
});
