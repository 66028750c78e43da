import type { WrittenLab } from "../../../../lib/lab/written-lab.ts";

/** The lab of examples/typescript, as YAML says it. */
export const exampleLab: WrittenLab = {
  lab: "two-tier",
  hosts: { local: { uri: "embedded" } },
  images: { "debian-12": { bootstrap: { suite: "bookworm" } } },
  networks: { front: { cidr: "10.20.0.0/24" } },
  sandboxes: {
    web: {
      image: "debian-12",
      memory: "512MiB",
      disk: "4GiB",
      networks: ["front"],
      cloudInit: { runCmd: ["echo 'Hello from the web tier.' > /etc/motd"] },
    },
    db: { image: "debian-12", memory: "512MiB", disk: "4GiB", networks: [{ name: "front", ip: "10.20.0.5" }] },
  },
};
