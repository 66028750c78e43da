/** What is written for our own provider, for other ends: on Terraform's built-in resource, which shows what Terraform itself takes; and on a memory host. */
export interface TerraformJson {
  readonly terraform: Readonly<Record<string, unknown>>;
  readonly variable?: Readonly<Record<string, { readonly default?: unknown }>>;
  readonly provider: { readonly terrarium: readonly Readonly<Record<string, unknown>>[] };
  readonly resource: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
}

type Attributes = Readonly<Record<string, unknown>>;

const meta = new Set(["depends_on", "lifecycle"]);

/** The same objects with the same values and references, each as `terraform_data`. */
export function asTerraformData({ variable, resource }: TerraformJson): object {
  const all = Object.entries(resource).flatMap(([type, resources]) =>
    Object.entries(resources).map(([name, attributes]) => {
      if (type === "terraform_data") return [name, without(attributes, ["//", "provisioner"])];
      const text = JSON.stringify(without(attributes, ["//", "provider"]));
      const same = JSON.parse(text.replaceAll(/\bterrarium_[a-z]+\.(?=[a-z])/g, "terraform_data.")) as Attributes;
      const entries = Object.entries(same);
      return [
        name,
        {
          ...Object.fromEntries(entries.filter(([key]) => meta.has(key))),
          input: Object.fromEntries(entries.filter(([key]) => !meta.has(key))),
        },
      ];
    }),
  );
  return { variable, resource: { terraform_data: Object.fromEntries(all) as Record<string, object> } };
}

/** The same lab on a host in this file; which seeds (files) and images (digests) must be there before. */
export function onMemoryHost(json: TerraformJson, file: string): { json: object; seeds: string[]; digests: Set<string> } {
  const provider = json.provider.terrarium.map((block) => ({ ...block, hypervisor: "memory", uri: `file://${file}` }));
  const { terraform_data: data = {}, terrarium_seed: seeds = {}, terrarium_disk: disks = {} } = json.resource;
  const own = Object.fromEntries(Object.entries(data).map(([name, attributes]) => [name, without(attributes, ["provisioner"])]));
  return {
    json: {
      ...json,
      terraform: without(json.terraform, ["backend"]),
      provider: { terrarium: provider },
      resource: { ...json.resource, terraform_data: own },
    },
    seeds: Object.values(seeds).map(({ file: seed }) => String(seed).replace("${path.module}/", "")),
    digests: new Set(Object.values(disks).flatMap(({ image }) => (typeof image === "string" ? [image] : []))),
  };
}

function without(attributes: Attributes, keys: readonly string[]): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([key]) => !keys.includes(key)));
}
