import type { PlanRequest, Resource } from "../../framework/resource.ts";
import { isKnown, isUnknown, unknown } from "../../framework/value.ts";
import { knownOwner, nameOnHost, ownerOf, type Client } from "../client.ts";
import { findForImport } from "../find-for-import.ts";
import { knownParts } from "../known-parts.ts";
import { plannedChange } from "../planned-change.ts";
import { fillDefaults } from "../fill-defaults.ts";
import { step } from "../steps.ts";
import { defaultDomain, defaultGateway, networkSpec, networkState } from "./network-spec.ts";
import { checkNetwork } from "./rules.ts";
import { networkSchema, type NetworkSchema, type NetworkState } from "./schema.ts";

/** `terrarium_network`: a network that the hypervisor gives to sandboxes, with DHCP and DNS. */
export const network: Resource<NetworkSchema, Client> = {
  type: "terrarium_network",
  description:
    "A network of sandboxes, with DHCP and, where the hypervisor has one, a DNS server. Import by the hypervisor's id or `LAB/NAME`; reservations then have their names, else their MACs, as keys.",
  schema: networkSchema,
  version: 3,
  upgrades: {
    0: fillDefaults(networkSchema, { change: "created" }),
    1: fillDefaults(networkSchema, { openvswitch: false }),
    2: fillDefaults(networkSchema),
  },
  timeouts: { create: "2m", update: "2m", delete: "2m" },

  validate: checkNetwork,

  modifyPlan(plan) {
    planComputed(plan);
    refuseWhatIsNotThere(plan);
    const { prior, planned, client } = plan;
    planned.change = plannedChange({ prior, planned, assess: (to: NetworkState) => assess(client, prior, to) });
  },

  async create(planned, context) {
    const host = await context.provider.open();
    const spec = networkSpec(planned, knownOwner(context.provider, planned.name));
    const record = await step(host, context, () => host.driver.createNetwork(spec));
    return { ...networkState(record, {}), ...knownParts(planned), change: "created" };
  },

  async read(state, { provider }) {
    const { view } = await provider.open();
    const record = (await view.networks()).find(({ id }) => id === state.id);
    return record && networkState(record, state);
  },

  async update(planned, prior, context) {
    const host = await context.provider.open();
    const spec = networkSpec(planned, knownOwner(context.provider, planned.name));
    const record = await step(host, context, () => host.driver.updateNetwork(prior.id, spec));
    return { ...networkState(record, prior), change: "live", ...knownParts(planned) };
  },

  async delete({ id }, context) {
    const host = await context.provider.open();
    await step(host, context, () => host.driver.removeNetwork(id));
  },

  async import(id, { provider }) {
    const { driver } = await provider.open();
    return networkState(findForImport(provider, "network", id, await driver.listNetworks()), {});
  },
};

type Plan = PlanRequest<NetworkSchema, Client>;

/** What the user leaves out is known in the plan already, as far as it follows from what is. */
function planComputed(plan: Plan): void {
  const { planned, prior, config } = plan;
  const { lab } = plan.client;
  const { name } = planned;
  if (isUnknown(planned.mode)) {
    // Which of these the network has goes by its mode.
    for (const key of ["gateway", "domain", "bridge"] as const) if (config[key] === null) planned[key] = unknown;
  } else planByMode(plan);
  if (typeof name !== "string" || lab === undefined) return;
  if (isUnknown(planned.domain) && config.domain === null && !isUnknown(planned.mode)) planned.domain = defaultDomain(name, lab);
  planned.host_name = nameOnHost({ lab, name });
  // Another lab in the provider block.
  if (prior && prior.host_name !== planned.host_name) plan.requireReplace("host_name");
}

function planByMode({ planned, config }: Plan): void {
  const { cidr } = planned;
  const bare = planned.mode === "bridged" || planned.mode === "none";
  if (config.gateway === null && bare) planned.gateway = null;
  else if (isUnknown(planned.gateway) && config.gateway === null && typeof cidr === "string") planned.gateway = defaultGateway(cidr);
  if (config.domain === null && bare) planned.domain = null;
  if (planned.mode === "bridged" && config.bridge === null) planned.bridge = null;
}

function refuseWhatIsNotThere(plan: Plan): void {
  const { mode, records } = plan.planned;
  const { rules } = plan.client;
  if (!rules) return;
  const { hypervisor, networkModes, dnsRecords, networkSettings } = rules.capabilities;
  for (const key of networkSettings ? [] : settingsWritten(plan))
    plan.report({
      severity: "error",
      path: [key],
      summary: `networks of hypervisor "${hypervisor}" have no ${key}`,
      detail: "Leave it out, or use another hypervisor.",
    });
  if (typeof mode === "string" && !networkModes.some((known) => known === mode)) {
    plan.report({
      severity: "error",
      path: ["mode"],
      summary: `hypervisor "${hypervisor}" has no networks of mode ${JSON.stringify(mode)}`,
      detail: `Use ${networkModes.map((known) => JSON.stringify(known)).join(" or ")}.`,
    });
  }
  if (!dnsRecords && isKnown(records) && Object.keys(records).length > 0) {
    plan.report({
      severity: "error",
      path: ["records"],
      summary: `networks of hypervisor "${hypervisor}" cannot answer names`,
      detail: "Leave `records` out, and put the names into the sandboxes' /etc/hosts (cloud-init: `write_files`, or `manage_etc_hosts`).",
    });
  }
}

function settingsWritten({ config }: Plan): (keyof NetworkSchema)[] {
  const { mtu, stp, nat_ports: ports, dns_servers: servers } = config;
  const written = {
    mtu: mtu !== null,
    stp: stp !== null,
    nat_ports: ports !== null,
    dns_servers: Array.isArray(servers) && servers.length > 0,
  };
  return (Object.keys(written) as (keyof typeof written)[]).filter((key) => written[key]);
}

/** As long as the network stays, nothing of it disturbs a sandbox: what would is `replace`, and then this plan is made again without a prior state. */
function assess(client: Client, prior: NetworkState | null, to: NetworkState): string {
  const owner = ownerOf(client, to.name) ?? { deployment: "", lab: "", name: to.name, provider: "", labels: {} };
  const change = prior && client.rules?.networkChange(networkSpec(prior, owner), networkSpec(to, owner));
  return change === "replace" ? "created" : "live";
}
