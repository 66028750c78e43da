import { closedObject, integer, type Schema } from "./value.ts";

/** Somebody who is to reach somebody, or not. */
export const reach: Schema = closedObject(
  {
    from: { $ref: "#/$defs/label", description: "A sandbox; one with `count` or `forEach` means all its copies." },
    to: {
      description: "Another sandbox, or an IPv4 address of anybody.",
      type: "string",
      pattern: "^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?|\\d{1,3}(\\.\\d{1,3}){3})$",
      examples: ["db", "192.0.2.1"],
    },
    port: integer(1, 65_535, { description: "TCP port. Default: none, ping answers." }),
  },
  { title: "Reach", description: "Who reaches whom.", required: ["from", "to"] },
);
