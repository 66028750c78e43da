import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { oneAtATime } from "../../../lib/hypervisor/kvm/one-at-a-time.ts";

test("work under one key runs in order and one at a time, work under others beside it", async () => {
  const log: string[] = [];
  const work = (key: string, name: string, fails = false): Promise<string> =>
    oneAtATime(key, async () => {
      log.push(`${name} begins`);
      await sleep(5);
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const results = await Promise.allSettled([work("a", "a1", true), work("a", "a2"), work("b", "b1"), work("a", "a3")]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled", "fulfilled"]);
  const ofA = log.filter((line) => line.startsWith("a"));
  expect(ofA).toEqual(["a1 begins", "a1 ends", "a2 begins", "a2 ends", "a3 begins", "a3 ends"]);
  expect(log.indexOf("b1 begins")).toBeLessThan(log.indexOf("a1 ends"));
  expect(await work("a", "a4")).toBe("a4");
});
