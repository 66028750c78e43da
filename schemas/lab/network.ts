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
        "How many addresses the network reserves when it is made. Sandboxes come and go within them; outgrowing them replaces the network with `provider: libvirt`. Recorded in the lock.",
      default: 32,
    }),
    overrides: { $ref: "#/$defs/overrides" },
  },
  { title: "Network", description: "A network of the lab, on each host that has sandboxes in it." },
);
