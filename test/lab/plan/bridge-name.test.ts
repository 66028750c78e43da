import { expect, test } from "vitest";
import { bridgeName } from "../../../lib/lab/plan/bridge-name.ts";

test("a bridge name is readable, and at most 15 characters long", () => {
  expect(bridgeName("web-tier", "front", 0)).toMatch(/^trm-front-[0-9a-z]{5}$/);
  expect(bridgeName("web-tier", "a-very-long-name", 0)).toMatch(/^trm-a-ver-[0-9a-z]{5}$/);
  expect(bridgeName("web-tier", "web-1", 0)).toHaveLength(15);
  expect(bridgeName("web-tier", "back-office", 0)).toMatch(/^trm-back-[0-9a-z]{5}$/);
});

test("equal networks of two labs have different bridges, and a second attempt differs from the first", () => {
  const names = [bridgeName("a", "front", 0), bridgeName("b", "front", 0), bridgeName("a", "front", 1)];
  expect(new Set(names).size).toBe(3);
});
