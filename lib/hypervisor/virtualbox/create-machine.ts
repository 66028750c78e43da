import { randomUUID } from "node:crypto";
import { guestPlatform } from "./platform.ts";
import type { VBoxManage } from "./vboxmanage.ts";

/** Where a new machine belongs. */
interface NewMachine {
  readonly name: string;
  /** Starts with `/`; VirtualBox puts the settings into `folder/group/name`. */
  readonly group: string;
  /** Absolute. */
  readonly folder: string;
}

/** Makes a machine without hardware and registers it. @returns its id */
export async function createMachine(vbox: VBoxManage, { name, group, folder }: NewMachine): Promise<string> {
  const { architecture, ostype } = guestPlatform(process.arch);
  // It says no UUID that one could rely on, so we give one.
  const id = randomUUID();
  const platform = ["--ostype", ostype, "--platform-architecture", architecture];
  await vbox.run(["createvm", "--name", name, "--uuid", id, ...platform, "--groups", group, "--basefolder", folder, "--register"]);
  return id;
}
