import { closedObject, integer, type Schema } from "./value.ts";

export const network: Schema = closedObject(
  {
    mode: {
      description: "`nat`: sandboxes reach the outside through the host. `isolated`: they reach each other and the host only.",
      enum: ["nat", "isolated"],
      default: "nat",
    },
    cidr: {
      description: "Block of addresses, without host bits. Default: planned from 10.128.0.0/9 and recorded in the lock.",
      type: "string",
      pattern: "^\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}$",
      examples: ["10.20.0.0/24"],
    },
    domain: {
      description: "DNS domain of the network. Default: `<network>.<lab>.test`.",
      type: "string",
      pattern: "^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
    },
    reserve: integer(1, 4096, {
      description:
        "From how many addresses the network gives planned ones. `provider: libvirt` reserves them all when it makes the network: sandboxes come and go within them, and outgrowing them replaces the network. `provider: terrarium` reserves live, and grows by itself. Recorded in the lock.",
      default: 32,
    }),
    overrides: { $ref: "#/$defs/overrides" },
  },
  { title: "Network", description: "A network of the lab, on each host that has sandboxes in it." },
);
