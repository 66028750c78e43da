import { execa } from "execa";
import { sharedConnectionCommand } from "../ssh/ssh-command.ts";

/** A connection that others share would hang until it notices that the guest has gone. It is only a convenience: there may be none, and no ssh. */
export async function endSharedConnection(sshConfig: string, sandbox: string): Promise<void> {
  const [program, ...args] = sharedConnectionCommand(sshConfig, sandbox, "exit");
  await execa(program, args, { reject: false, stdio: "ignore", timeout: 5000 });
}
