import { expect, test } from "vitest";
import { normalizeLab } from "../../../lib/lab/normalize-lab.ts";
import { labOf, normalized } from "../lab-fixtures.ts";

const networks = { front: { cidr: "10.20.0.0/24" } };

const at = (ip: string) => ({ networks: [{ name: "front", ip }] });

test("two sandboxes may not have one address; the next free one is named", () => {
  expect(normalizeLab(labOf({ a: at("10.20.0.2"), b: at("10.20.0.2") }, { networks })).diagnostics).toMatchObject([
    {
      code: "DUPLICATE_ADDRESS",
      path: ["sandboxes", "b", "networks", 0, "ip"],
      summary: 'address 10.20.0.2 in network "front" is for sandbox "b", and it is for "a"',
      nextStep: "Choose another address, for example 10.20.0.3.",
    },
  ]);
});

test("nobody is moved from an address of the lock: who wants it is told so", () => {
  const { lab, lock } = normalized(labOf({ a: { networks: ["front"] } }, { networks }));
  const ip = lab.sandboxes["a"]?.nics[0]?.address ?? "";
  const written = labOf({ a: { networks: ["front"] }, b: { networks: [{ name: "front", ip }] } }, { networks });
  expect(normalizeLab(written, { lock }).diagnostics).toMatchObject([
    {
      code: "DUPLICATE_ADDRESS",
      path: ["sandboxes", "b", "networks", 0, "ip"],
      summary: expect.stringContaining("recorded in the lock") as string,
    },
  ]);
});

test("an address passes from one to the other where both are written", () => {
  const { lock } = normalized(labOf({ a: { networks: [{ name: "front", ip: "10.20.0.9" }] } }, { networks }));
  const written = labOf(
    { a: { networks: [{ name: "front", ip: "10.20.0.8" }] }, b: { networks: [{ name: "front", ip: "10.20.0.9" }] } },
    { networks },
  );
  expect(normalizeLab(written, { lock }).diagnostics).toEqual([]);
});
