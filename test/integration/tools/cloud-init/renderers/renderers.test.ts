import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { networkConfig } from "../../../../../lib/cloud-init/network-config.ts";
import { networkData } from "../../../../../lib/cloud-init/network-data.ts";
import { seedIntent } from "../../../../../lib/deploy/materialize-seed.ts";
import { generateDeploymentKey } from "../../../../../lib/ssh/deployment-key.ts";
import { labOf, normalized } from "../../../../lab/lab-fixtures.ts";
import { askPython } from "../cloud-init.ts";
import { differencesTable } from "./differences-table.ts";
import { differences, expected, isThere, type Renderer, type SeedKind } from "./differences.ts";
import { forms, networks, type Form } from "./forms.ts";
import { tidy, type Network } from "./interface.ts";
import { readEni } from "./read-eni.ts";
import { readNetplan } from "./read-netplan.ts";
import { readNetworkManager } from "./read-network-manager.ts";
import { readNetworkd } from "./read-networkd.ts";
import { readSysconfig } from "./read-sysconfig.ts";

const readers = {
  netplan: readNetplan,
  networkd: readNetworkd,
  sysconfig: readSysconfig,
  "network-manager": readNetworkManager,
  eni: readEni,
} satisfies Record<Renderer, (files: Readonly<Record<string, string>>) => Network>;
const renderers = Object.keys(readers) as Renderer[];
const seeds: readonly SeedKind[] = ["nocloud", "configdrive"];

interface Converted {
  readonly files: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

const material = { key: generateDeploymentKey(), reveal: () => "", deployment: "a1b2c3d4e5f60718" };
const cases = forms.flatMap((form) => seeds.flatMap((seed) => renderers.map((renderer) => ({ form, seed, renderer }))));
const found = new Map<string, Converted>();
let version = "";

/** What the lab's sandbox brings in its seed. */
function seedText({ nics }: Form, seed: SeedKind): string {
  const { lab } = normalized(labOf({ web: { networks: [...nics] } }, { networks, provider: "terrarium" }));
  const sandbox = lab.sandboxes["web"];
  if (sandbox === undefined) throw new Error("there is no sandbox web");
  const intent = seedIntent(lab, sandbox, material);
  return seed === "nocloud" ? (networkConfig(intent) ?? "") : JSON.stringify(networkData(intent));
}

const keyOf = ({ title }: Form, seed: SeedKind, renderer: Renderer): string => `${title} ${seed} ${renderer}`;

beforeAll(() => {
  const texts = new Map(forms.flatMap((form) => seeds.map((seed) => [`${form.title} ${seed}`, seedText(form, seed)])));
  const jobs = cases.map(({ form, seed, renderer }) => ({
    text: texts.get(`${form.title} ${seed}`),
    kind: seed === "nocloud" ? "yaml" : "network_data.json",
    renderer,
    // sysconfig needs a distribution that has it.
    distribution: renderer === "sysconfig" ? "centos" : "debian",
  }));
  const answer = askPython("renderers/convert_networks.py", jobs) as { version: string; converted: Converted[] };
  ({ version } = answer);
  cases.forEach(({ form, seed, renderer }, index) => {
    const one = answer.converted[index];
    if (one !== undefined) found.set(keyOf(form, seed, renderer), one);
  });
});

function networkOf(form: Form, seed: SeedKind, renderer: Renderer): Network {
  return readers[renderer](found.get(keyOf(form, seed, renderer))?.files ?? {});
}

test.each(cases.map(({ form, seed, renderer }) => ({ title: form.title, seed, renderer, form })))(
  "$title, by $seed and $renderer, is what the lab declared",
  ({ form, seed, renderer }) => {
    const { declared } = form;
    const byName = (one: { name: string }, other: { name: string }): number => (one.name < other.name ? -1 : 1);
    const wanted = declared.map((one) => tidy(expected(one, declared, { seed, renderer, version })));
    expect(networkOf(form, seed, renderer).interfaces.toSorted(byName)).toEqual(wanted.toSorted(byName));
    expect(found.get(keyOf(form, seed, renderer))?.warnings).toEqual([]);
  },
);

test.each(forms)("$title: name servers and domains that sysconfig and ENI have at no NIC are the whole system's", (form) => {
  const leftOut = differences.some(
    (one) => isThere(one, version) && one.where.nocloud?.includes("eni") === true && /^name servers .* left out/.test(one.says),
  );
  for (const renderer of leftOut ? (["sysconfig"] as const) : (["sysconfig", "eni"] as const)) {
    const { interfaces, everywhere } = networkOf(form, "nocloud", renderer);
    for (const key of ["nameservers", "search"] as const) {
      const heard = [...everywhere[key], ...interfaces.flatMap((one) => one[key])];
      expect(heard).toEqual(expect.arrayContaining(form.declared.flatMap((one) => one[key])));
    }
  }
});

test("every difference in the table is one: some form shows it", () => {
  const idle = differences
    .filter((difference) => isThere(difference, version))
    .flatMap(({ says, where, change }) =>
      seeds.flatMap((seed) =>
        (where[seed] ?? [])
          .filter(
            () =>
              !forms.some(({ declared }) =>
                declared.some((one) => JSON.stringify(tidy({ ...one, ...change(one, declared) })) !== JSON.stringify(tidy(one))),
              ),
          )
          .map((renderer) => `${says} (${seed}, ${renderer})`),
      ),
    );
  expect(idle).toEqual([]);
});

test("the docs tell every difference", () => {
  expect(readFileSync(new URL("../../../../../docs/guest-network.md", import.meta.url), "utf8")).toContain(differencesTable());
});
