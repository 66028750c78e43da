import { expect, test } from "vitest";
import { forwardsOf, parseRelay } from "../../../../lib/hypervisor/kvm/forwards/read-relays.ts";

const forward = {
  name: "tcp-80",
  protocol: "tcp",
  hostAddress: "127.0.0.1",
  hostPort: 20_080,
  guestAddress: "10.20.0.10",
  guestPort: 80,
} as const;
const commandLine = (...words: string[]): string => `${words.join("\0")}\0`;

test("a relay is known by its command line, however Node was started", () => {
  const words = ["terrarium-forwards", "id-1", "qemu:///system", JSON.stringify([forward])];
  for (const before of [
    ["/usr/bin/node", "/x/relay.js"],
    ["/usr/bin/node", "--import", "tsx", "/x/relay.ts"],
  ])
    expect(parseRelay(7, commandLine(...before, ...words))).toEqual({ pid: 7, sandbox: "id-1", forwards: [forward] });
});

test("another program is none, also one that speaks of relays, and the program that starts one", () => {
  expect(parseRelay(7, "")).toBeUndefined();
  expect(parseRelay(7, commandLine("grep", "terrarium-forwards"))).toBeUndefined();
  expect(parseRelay(7, commandLine("vi", "terrarium-forwards", "a", "b", "{"))).toBeUndefined();
  expect(
    parseRelay(7, commandLine("nsenter", "--net=/run/netns/x", "node", "relay.js", "terrarium-forwards", "id", "uri", "[]")),
  ).toBeUndefined();
});

test("a sandbox's forwards are those of its own relay, by name", () => {
  const other = { ...forward, name: "tcp-22", guestPort: 22, hostPort: 20_022 };
  const relays = [
    { pid: 7, sandbox: "id-1", forwards: [forward, other] },
    { pid: 8, sandbox: "id-2", forwards: [forward] },
  ];
  expect(forwardsOf(relays, "id-1").map(({ name }) => name)).toEqual(["tcp-22", "tcp-80"]);
  expect(forwardsOf(relays, "id-1")[0]).not.toHaveProperty("guestAddress");
  expect(forwardsOf(relays, "id-3")).toEqual([]);
});
