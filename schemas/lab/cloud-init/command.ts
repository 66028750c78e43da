import type { Schema } from "../value.ts";

export const command: Schema = {
  description: "A shell line, or a program with its arguments.",
  anyOf: [
    { type: "string", minLength: 1 },
    { type: "array", items: { type: "string" }, minItems: 1 },
  ],
};

export const bootCmd: Schema = {
  description: "Commands to run early in every boot, in order, as root: before the network is up and before users and packages are there.",
  type: "array",
  items: command,
  default: [],
};
