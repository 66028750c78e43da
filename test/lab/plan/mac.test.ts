import { expect, test } from "vitest";
import { macOf, macPrefix } from "../../../lib/lab/plan/mac.ts";

test("a MAC is 02, the network's 16 bits and the address's index", () => {
  expect(macOf("a1b2", 10)).toBe("02:a1:b2:00:00:0a");
  expect(macOf("00ff", 0x12_34_56)).toBe("02:00:ff:12:34:56");
});

test("the 16 bits come from lab and network and never change", () => {
  expect([macPrefix("web-tier", "front", 0), macPrefix("web-tier", "back", 0), macPrefix("other", "front", 0)]).toMatchInlineSnapshot(`
    [
      "87f1",
      "9171",
      "fc11",
    ]
  `);
});
