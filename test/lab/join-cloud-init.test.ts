import * as fc from "fast-check";
import { expect, test } from "vitest";
import { joinCloudInit } from "../../lib/lab/join-cloud-init.ts";
import type { WrittenCloudInit } from "../../lib/lab/written-lab.ts";

test.each<[string, WrittenCloudInit, WrittenCloudInit, WrittenCloudInit]>([
  ["lists follow one another", { packages: ["a"], runCmd: ["x"] }, { packages: ["b"] }, { packages: ["a", "b"], runCmd: ["x"] }],
  [
    "user-data becomes parts, whichever way it was written",
    { userData: "#!/bin/sh\n" },
    { userData: ["./a.yaml", { file: "./b.yaml" }] },
    { userData: ["#!/bin/sh\n", "./a.yaml", { file: "./b.yaml" }] },
  ],
  ["vendor-data, too", { vendorData: "./a" }, { vendorData: "./b" }, { vendorData: ["./a", "./b"] }],
  ["one part alone stays as it is", {}, { userData: "./a.yaml" }, { userData: "./a.yaml" }],
  [
    "repositories are those of both",
    { apt: { sources: { a: { source: "deb a" } }, mirror: "http://one" } },
    { apt: { sources: { b: { source: "deb b" } }, mirror: "http://two" } },
    { apt: { sources: { a: { source: "deb a" }, b: { source: "deb b" } }, mirror: "http://two" } },
  ],
  [
    "lists in maps follow one another",
    { caCerts: { trusted: ["a"] }, ntp: { servers: ["s"] } },
    { caCerts: { trusted: ["b"], removeDefaults: true } },
    { caCerts: { trusted: ["a", "b"], removeDefaults: true }, ntp: { servers: ["s"] } },
  ],
  [
    "of other values the second one's stays, whole",
    { timezone: "UTC", powerState: { mode: "reboot", condition: ["test", "-e", "/x"] } },
    { timezone: "Europe/Berlin", powerState: { mode: "poweroff" } },
    { timezone: "Europe/Berlin", powerState: { mode: "poweroff" } },
  ],
  [
    "a key without a value says nothing",
    { timezone: "UTC", packages: ["a"] },
    { timezone: undefined, packages: undefined },
    { timezone: "UTC", packages: ["a"] },
  ],
])("%s", (_what, first, second, joined) => {
  expect(joinCloudInit(first, second)).toEqual(joined);
});

test("it does not matter which two of three are joined first, and nothing joins without a change", () => {
  const text = fc.constantFrom("a", "b", "c");
  const piece = fc.record(
    {
      packages: fc.array(text),
      userData: fc.oneof(text, fc.array(text, { minLength: 1 })),
      timezone: text,
      apt: fc.record({ mirror: text, disableSuites: fc.array(text) }, { requiredKeys: [] }),
      // A key means one kind of value, as in the language.
      metaData: fc.record({ a: text, b: fc.array(text), c: fc.dictionary(text, text) }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(piece, piece, piece, (one, two, three) => {
      expect(joinCloudInit(joinCloudInit(one, two), three)).toEqual(joinCloudInit(one, joinCloudInit(two, three)));
      expect(joinCloudInit(one, {})).toEqual(one);
      expect(joinCloudInit({}, one)).toEqual(one);
    }),
  );
});
