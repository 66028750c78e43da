import { DiagnosticError } from "../../../diagnostics/diagnostic-error.ts";
import { attribute } from "../../framework/attribute.ts";
import type { DataSource } from "../../framework/data-source.ts";
import type { Client } from "../client.ts";
import { label } from "../validators.ts";

const schema = {
  name: attribute.string({
    required: true,
    description: "The sandbox's name in the lab. One that this deployment does not have is an error.",
    validate: [label],
  }),
  id: attribute.string({ computed: true, description: "The hypervisor's id of the sandbox." }),
  state: attribute.string({ computed: true, description: "`running`, `paused`, `off` or `crashed`." }),
  addresses: attribute.list("string", {
    computed: true,
    description: "Its IPv4 addresses by the DHCP leases of its networks, as they are when this is read; none for one that does not run.",
  }),
};

/** `data.terrarium_sandbox`: a sandbox of the lab as it is now. */
export const sandboxData: DataSource<typeof schema, Client> = {
  type: "terrarium_sandbox",
  description: "A sandbox of this deployment as it is now: its state and addresses.",
  schema,
  async read({ name }, { provider }) {
    const { driver, view } = await provider.open();
    const { lab, deployment } = provider;
    const found = (await view.sandboxes()).find(
      ({ owner }) => owner?.deployment === deployment && owner?.lab === lab && owner?.name === name,
    );
    if (!found) {
      throw new DiagnosticError({
        code: "UNKNOWN_SANDBOX",
        severity: "error",
        path: ["name"],
        summary: `lab ${JSON.stringify(lab)} has no sandbox ${JSON.stringify(name)} on this host`,
        nextStep: "Correct the name; `terrarium list` shows what the host has.",
      });
    }
    const addresses = (await driver.readAddresses([found.id], "lease")).get(found.id) ?? [];
    return { name, id: found.id, state: found.state, addresses: addresses.map(({ address }) => address) };
  },
};
