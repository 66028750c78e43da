import { expect, test } from "vitest";
import { controlPath } from "../../lib/ssh/control-path.ts";
import { sshConfig, type SshConfigEntry } from "../../lib/ssh/ssh-config.ts";

const entry: SshConfigEntry = {
  sandbox: "web",
  lab: "shop",
  user: "admin",
  address: "10.20.0.5",
  identityFile: "/srv/my labs/100%/id",
  knownHostsFile: "/srv/my labs/100%/known_hosts",
};

test("an entry trusts only recorded keys, offers only the lab's, forwards nothing", () => {
  const lines = [
    "# Made by terrarium; made anew on each apply.",
    "",
    "Host web web.shop",
    "  HostName 10.20.0.5",
    "  Port 22",
    "  User admin",
    '  IdentityFile "/srv/my labs/100%%/id"',
    "  IdentitiesOnly yes",
    "  PreferredAuthentications publickey",
    "  HostKeyAlias web.shop.terrarium",
    '  UserKnownHostsFile "/srv/my labs/100%%/known_hosts"',
    "  GlobalKnownHostsFile none",
    "  StrictHostKeyChecking yes",
    "  CheckHostIP no",
    "  UpdateHostKeys no",
    "  VerifyHostKeyDNS no",
    "  CanonicalizeHostname no",
    "  ForwardAgent no",
    "  ForwardX11 no",
    "  ServerAliveInterval 20",
    "  ServerAliveCountMax 6",
    "  LogLevel ERROR",
    "",
  ];
  expect(sshConfig([entry])).toBe(lines.join("\n"));
});

test("a proxy's own percent signs stay, ssh's tokens are expanded", () => {
  const proxyCommand = ["nsenter", "--net=/run/netns/my lab", "node", "/a 50%/connect.js", "%h", "%p", "%x"];
  expect(sshConfig([{ ...entry, proxyCommand }])).toContain(
    "\n  ProxyCommand nsenter '--net=/run/netns/my lab' node '/a 50%%/connect.js' %h %p %%x\n",
  );
});

test("a shared connection is offered where there is a socket path", () => {
  expect(sshConfig([{ ...entry, controlPath: "/run/user/0/t/x" }])).toMatch(
    /ControlMaster auto\n  ControlPath \/run\/user\/0\/t\/x\n  ControlPersist 60\n/,
  );
});

test.each([
  ["a newline in a path", { identityFile: "/a\nProxyCommand evil" }],
  ["an expansion in a path", { knownHostsFile: "/a/${HOME}/b" }],
  ["a newline in the user", { user: "a\nb" }],
  ["an empty address", { address: "" }],
  ["a newline for the proxy", { proxyCommand: ["a", "b\nc"] }],
])("%s cannot be written and is an error", (_, change) => {
  expect(() => sshConfig([{ ...entry, ...change }])).toThrow("SSH_CONFIG_VALUE");
});

test.each(["*", "web *", "!web", "", "-web", "a\nb"])("the name %j is refused, as it would match other hosts", (sandbox) => {
  expect(() => sshConfig([{ ...entry, sandbox }])).toThrow(RangeError);
});

test("a control path is the first that is short enough for a socket, or none", () => {
  const long = `/${"x".repeat(80)}`;
  expect(controlPath([long, "/run/t"], ["id", "web", 22])).toMatch(/^\/run\/t\/[0-9a-f]{16}$/);
  expect(controlPath([long], ["id"])).toBeUndefined();
  expect(controlPath(["/ü".repeat(24)], ["id"])).toBeUndefined();
  expect(controlPath(["/run/t"], ["id", "web"])).not.toBe(controlPath(["/run/t"], ["idweb"]));
});
