import { expect, test } from "vitest";
import { normalizeLab } from "../../../lib/lab/normalize-lab.ts";
import { labOf, normalized } from "../lab-fixtures.ts";

const networks = { front: { cidr: "10.20.0.0/24" } };

test("an address that the network reserves comes by DHCP, any other by the seed", () => {
  const written = labOf(
    { a: { networks: [{ name: "front", ip: "10.20.0.10" }] }, b: { networks: [{ name: "front", ip: "10.20.0.42" }] } },
    { networks },
  );
  const { sandboxes } = normalized(written).lab;
  expect([sandboxes["a"]?.nics[0]?.addressing, sandboxes["b"]?.nics[0]?.addressing]).toEqual(["dhcp", "static"]);
});

test("a sandbox without a seed can only have a reserved one", () => {
  const written = labOf({ a: { seed: "none", networks: [{ name: "front", ip: "10.20.0.5" }] } }, { networks });
  expect(normalizeLab(written).diagnostics).toMatchObject([
    {
      code: "STATIC_NEEDS_SEED",
      path: ["sandboxes", "a", "networks", 0, "ip"],
      nextStep: "Choose one from 10.20.0.10 to 10.20.0.41, or take `seed: none` out.",
    },
  ]);
});
