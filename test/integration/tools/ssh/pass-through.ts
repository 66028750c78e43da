// Runs a command in sandbox "web" as `terrarium exec` would. Arguments: ssh_config file, command.
import { runOverSsh } from "../../../../lib/ssh/run-over-ssh.ts";

const [configFile = "", command = ""] = process.argv.slice(2);
const { exitCode } = await runOverSsh({ configFile, sandbox: "web", command, input: { inherit: true }, output: "inherit" });
process.exitCode = exitCode ?? 1;
