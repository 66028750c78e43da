import { assert, constantFrom, oneof, property, string } from "fast-check";
import { expect, test } from "vitest";
import { DiagnosticError } from "../../lib/diagnostics/diagnostic-error.ts";
import { bootSector } from "../../lib/host/boot-sector.ts";
import { parseHostUri } from "../../lib/host/choose-host.ts";
import { hostPaths } from "../../lib/host/host-directory.ts";
import { inHostNetwork, proxyCommand } from "../../lib/host/proxy-command.ts";

test.each([
  ["embedded", { kind: "embedded", name: "alpha" }],
  ["embedded:two", { kind: "embedded", name: "two" }],
  ["qemu:///system", { kind: "libvirt", uri: "qemu:///system" }],
  ["qemu:///system?socket=/run/x", { kind: "libvirt", uri: "qemu:///system?socket=/run/x" }],
  ["qemu+ssh://me@box:22/system?no_tty=1", { kind: "libvirt", uri: "qemu+ssh://me@box:22/system?no_tty=1" }],
])("%s is understood", (uri, choice) => {
  expect(parseHostUri(uri, "alpha")).toEqual(choice);
});

test.each(["", "system", "http://box/system", "qemu:///", "qemu:///system x", "Embedded"])(
  "%j is refused, with the forms that are right",
  (uri) => {
    expect(() => parseHostUri(uri, "alpha")).toThrow(
      expect.objectContaining({ diagnostics: [expect.objectContaining({ code: "HOST_URI_INVALID" })] }),
    );
  },
);

test("a host's paths fit into a socket address, and its namespace names its directory", () => {
  const paths = hostPaths("alpha", "/var/lib/terrarium/h");
  expect(paths.uri).toBe("qemu:///system?socket=/var/lib/terrarium/h/alpha/run/libvirt-sock");
  expect(paths.netns).toMatch(/^trm-alpha-[0-9a-f]{6}$/);
  expect(hostPaths("alpha", "/tmp/x").netns).not.toBe(paths.netns);
  expect(() => hostPaths("alpha", `/tmp/${"x".repeat(90)}`)).toThrow("too long");
});

test("no name leads out of the hosts' directory", () => {
  const directoryOf = (name: string): string => {
    try {
      return hostPaths(name, "/h").directory;
    } catch (error) {
      return error instanceof DiagnosticError ? (error.diagnostics[0]?.code ?? "") : String(error);
    }
  };
  assert(
    property(oneof(string(), constantFrom("..", "a/b", "-a", "a-", "A", "a-2")), (name) => {
      expect(directoryOf(name)).toBe(/^[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?$/.test(name) ? `/h/${name}` : "HOST_NAME_INVALID");
    }),
  );
});

test("only a host with a namespace of its own needs a proxy command", () => {
  expect(proxyCommand({})).toBeUndefined();
  expect(inHostNetwork({}, ["ping", "a"])).toEqual(["ping", "a"]);
  const command = proxyCommand({ netns: "trm-a-123456" });
  expect(command?.slice(0, 3)).toEqual(["nsenter", "--net=/run/netns/trm-a-123456", process.execPath]);
  expect(command?.slice(-2)).toEqual(["%h", "%p"]);
});

test("the probe's guest is one bootable sector", () => {
  const sector = bootSector();
  expect(sector).toHaveLength(512);
  expect([...sector.slice(510)]).toEqual([0x55, 0xaa]);
});
