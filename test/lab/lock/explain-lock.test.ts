import { expect, test } from "vitest";
import { explainLock } from "../../../lib/lab/lock/explain-lock.ts";
import { labOf, normalized } from "../lab-fixtures.ts";

const written = labOf(
  {
    web: { networks: ["front"], forward: [{ guest: 22 }, { guest: 80, host: 8080 }] },
    db: { networks: [{ name: "front", ip: "10.20.0.5" }] },
    solo: {},
  },
  { networks: { front: { cidr: "10.20.0.0/24" }, back: {} }, hypervisor: "kvm", provider: "terrarium" },
);
const { lock } = normalized(written);
const why = (before: typeof lock | undefined, now = written): Record<string, string> => {
  const after = normalized(now, { lock: before }).lock;
  return Object.fromEntries(explainLock(now, before, after).map((reason) => [reason.what, reason.why]));
};

test("without a lock it is the lab's text, or planned", () => {
  expect(why(undefined)).toMatchObject({
    hypervisor: "written in the lab",
    "forward tcp-22 of web": "planned: the first free port from where the names of lab, sandbox and forward point to",
    "forward tcp-80 of web": "written in the lab",
    "image base": "the hash of the recipe",
    "network front": "written in the lab",
    "network back": "planned: the first free block from where the names of lab and network point to",
    "network front: reserve": "as many as are needed, 32 at least",
    "sandbox db in front": "written in the lab",
    "sandbox web in front": "planned: the first free address from where the names point to",
    "own network of solo": "planned: the first free block from where the names of lab and network point to",
  });
});

test("with the lock it is the lock, but for what is written", () => {
  expect(why(lock)).toMatchObject({
    "forward tcp-22 of web": "from the lock: nobody moves",
    "forward tcp-80 of web": "written in the lab",
    "image base": "the recipe's hash, from the lock: a new release of Terrarium rebuilds nobody",
    "network front": "written in the lab",
    "network back": "from the lock: nobody moves",
    "sandbox db in front": "written in the lab",
    "sandbox web in front": "from the lock: nobody moves",
  });
});

test("who has to move, who comes back and who is gone is told as such", () => {
  const { web: _, ...others } = written.sandboxes;
  const without = { ...written, sandboxes: others };
  const emptied = normalized(without, { lock }).lock;
  expect(why(emptied, without)["former sandbox web in front"]).toMatch(/^given to nobody else until 64 others/);
  expect(why(emptied)["sandbox web in front"]).toBe("its own from before it was removed");
  const moved = {
    ...written,
    networks: { ...written.networks, front: { cidr: "10.21.0.0/24" } },
    sandboxes: { web: { networks: ["front"] } },
  };
  expect(why(lock, moved)["sandbox web in front"]).toMatch(/^moved with its network: it was 10\.20\.0\./);
});
