import fc from "fast-check";
import { expect, test } from "vitest";
import type { NetworkRecord, SandboxRecord } from "../../../lib/hypervisor/hypervisor.ts";
import { hostView, type ViewedHost } from "../../../lib/provider/resources/host-view.ts";

/** A host whose state is one number, told as the name of its only sandbox, disk and image; it counts how often it is asked. */
function countingHost(delay: () => Promise<void> = () => Promise.resolve()) {
  const host = {
    number: 0,
    listings: 0,
    diskQuestions: [] as (readonly string[])[],
    listSandboxes: async () => {
      host.listings++;
      const name = String(host.number);
      await delay();
      return [{ name } as SandboxRecord];
    },
    listNetworks: async () => [{ name: String(host.number) } as NetworkRecord],
    listDisks: async (ids: readonly string[]) => {
      host.diskQuestions.push(ids);
      const sizeBytes = host.number;
      await delay();
      return new Map(ids.filter((id) => id !== "none").map((id) => [id, { id, path: id, sizeBytes }]));
    },
    listSeeds: async () => new Map(),
    findImage: async (digest: string) => ({ digest, path: digest, sizeBytes: host.number }),
  };
  return host satisfies ViewedHost;
}

test("reads of one phase list the host once", async () => {
  const host = countingHost();
  const view = hostView(host);
  await Promise.all(Array.from({ length: 50 }, () => view.sandboxes()));
  await view.sandboxes();
  expect(host.listings).toBe(1);
});

test("disks asked for at the same time are read together, each once", async () => {
  const host = countingHost();
  const view = hostView(host);
  const found = await Promise.all(["a", "b", "a", "none"].map((id) => view.disk(id)));
  expect(found.map((disk) => disk?.id)).toEqual(["a", "b", "a", undefined]);
  await view.disk("b");
  expect(host.diskQuestions).toEqual([["a", "b", "none"]]);
});

test("a write makes the next read look again, also one that failed", async () => {
  const host = countingHost();
  const view = hostView(host);
  await view.sandboxes();
  await view.write(async () => {
    host.number = 1;
  });
  expect((await view.sandboxes())[0]?.name).toBe("1");
  const failing = view.write(async () => {
    host.number = 2;
    throw new Error("lost");
  });
  await expect(failing).rejects.toThrow("lost");
  expect((await view.sandboxes())[0]?.name).toBe("2");
  expect((await view.disk("a"))?.sizeBytes).toBe(2);
  expect((await view.image("a"))?.sizeBytes).toBe(2);
  expect((await view.networks())[0]?.name).toBe("2");
});

test("what others change is seen when the listing is too old", async () => {
  let now = 0;
  const host = countingHost();
  const view = hostView(host, { maxAge: 1000, clock: () => now });
  await view.sandboxes();
  await view.disk("a");
  host.number = 7;
  now = 999;
  expect((await view.sandboxes())[0]?.name).toBe("0");
  now = 1000;
  expect((await view.sandboxes())[0]?.name).toBe("7");
  expect((await view.disk("a"))?.sizeBytes).toBe(7);
});

test("a failed listing is told to all who wait for it, and is not remembered", async () => {
  const host = countingHost();
  let failures = 1;
  const flaky = { ...host, listSandboxes: async () => (failures-- > 0 ? Promise.reject(new Error("lost")) : host.listSandboxes()) };
  const view = hostView(flaky);
  const all = await Promise.allSettled([view.sandboxes(), view.sandboxes()]);
  expect(all.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect((await view.sandboxes())[0]?.name).toBe("0");
});

test("in whatever order reads and writes overlap, a read sees every write that had ended before it began, and never the future", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.constantFrom("sandboxes", "disk", "write"), { maxLength: 25 }),
      async (scheduler, steps) => {
        const pause = (): Promise<void> => scheduler.schedule(Promise.resolve());
        const host = countingHost(pause);
        const view = hostView(host);
        let ended = 0;
        const runs = steps.map(async (step) => {
          await pause();
          if (step === "write") {
            await view.write(async () => {
              await pause();
              host.number++;
              await pause();
            });
            // Writes may end in another order than they began: what had ended counts at least this many.
            ended++;
            return;
          }
          const atLeast = ended;
          const seen = step === "disk" ? (await view.disk("a"))?.sizeBytes : Number((await view.sandboxes())[0]?.name);
          expect(seen).toBeGreaterThanOrEqual(atLeast);
          expect(seen).toBeLessThanOrEqual(host.number);
        });
        await scheduler.waitFor(Promise.all(runs));
      },
    ),
    { numRuns: 200 },
  );
});
