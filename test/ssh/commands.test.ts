import { expect, test } from "vitest";
import { scpCommand } from "../../lib/ssh/scp-command.ts";
import { sharedConnectionCommand, sshCommand } from "../../lib/ssh/ssh-command.ts";
import { Duration } from "../../lib/units/duration.ts";

const configFile = "/labs/my lab/ssh_config";

test("a login names the file and the sandbox, nothing else", () => {
  expect(sshCommand({ configFile, sandbox: "web" })).toEqual(["ssh", "-F", configFile, "--", "web"]);
});

test("arguments are quoted for the shell there, a text is given to it as it is", () => {
  const quoted = sshCommand({ configFile, sandbox: "web", command: ["ls", "my file"] });
  expect(quoted.slice(-3)).toEqual(["--", "web", "ls 'my file'"]);
  expect(sshCommand({ configFile, sandbox: "web", command: "ls | wc" }).slice(-3)).toEqual(["--", "web", "ls | wc"]);
});

test("every option has its place before the sandbox", () => {
  const connectTimeout = Duration.milliseconds(1500);
  const command = sshCommand({ configFile, sandbox: "web", batch: true, connectTimeout, logFile: "/l", tty: true });
  expect(command.slice(0, 9)).toEqual(["ssh", "-F", configFile, "-o", "BatchMode=yes", "-o", "ConnectTimeout=2", "-E", "/l"]);
  expect(command.slice(-3)).toEqual(["-t", "--", "web"]);
  expect(sshCommand({ configFile, sandbox: "web", tty: false })).toContain("-T");
});

test("a shared connection can be ended", () => {
  expect(sharedConnectionCommand(configFile, "web", "exit")).toEqual(["ssh", "-F", configFile, "-O", "exit", "--", "web"]);
});

test("a copy names its ends as scp reads them", () => {
  const from = [{ path: "a:b" }, { path: "-x" }, { path: "/c:d" }];
  expect(scpCommand({ configFile, from, to: { sandbox: "web", path: "" }, recursive: true })).toEqual([
    "scp",
    "-F",
    configFile,
    "-r",
    "--",
    "./a:b",
    "-x",
    "/c:d",
    "web:",
  ]);
});

test("a copy between sandboxes passes this machine", () => {
  expect(scpCommand({ configFile, from: [{ sandbox: "a", path: "x" }], to: { sandbox: "b", path: "y z" } })).toEqual([
    "scp",
    "-F",
    configFile,
    "-3",
    "--",
    "a:x",
    "b:y z",
  ]);
});

test("without SFTP the sandbox's shell reads the path, so it is escaped", () => {
  const command = scpCommand({ configFile, from: [{ sandbox: "a", path: "~/my $file*" }], to: { path: "." }, withoutSftp: true });
  expect(command.slice(-4)).toEqual(["-O", "--", String.raw`a:~/my\ \$file\*`, "."]);
});
