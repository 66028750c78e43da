import { closedObject, type Schema } from "./value.ts";

export const host: Schema = closedObject(
  {
    uri: {
      description:
        "Where libvirt listens: `qemu:///system`, `qemu:///system?socket=PATH`, `qemu+ssh://USER@HOST/system`, or `embedded` for Terrarium's own host (a libvirtd of its own, which touches nothing of the machine's network or libvirt configuration).",
      type: "string",
      pattern: "^(embedded|qemu(\\+(ssh|sshcmd|tcp|tls))?://.*)$",
      examples: ["qemu:///system", "embedded"],
    },
  },
  { title: "Host", description: "A machine that runs sandboxes.", required: ["uri"] },
);
