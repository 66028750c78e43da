import type { WrittenLab } from "../../lib/lab/written-lab.ts";

/** A lab that uses everything that is emitted, with its image known. */
export const exampleLab: WrittenLab = {
  lab: "web-tier",
  images: { debian: { bootstrap: { suite: "bookworm" } } },
  defaults: { image: "debian", memory: "512MiB" },
  networks: { front: { cidr: "10.20.0.0/24", domain: "front.test" }, back: { mode: "isolated" } },
  sandboxes: {
    web: {
      count: 2,
      cpus: 2,
      networks: ["front", { name: "back" }],
      labels: { role: "web ${HOME} <&>" },
      cloudInit: { packages: ["nginx"], runCmd: ["echo ${HOME} %{x}"], userData: "#cloud-config\nfinal_message: up\n" },
    },
    db: { memory: "1500KiB", networks: [{ name: "front", ip: "10.20.0.5" }], disks: [{ name: "data", size: "20GiB" }], protect: true },
    legacy: { seed: "none", ready: "ssh" },
    secretive: { cloudInit: { runCmd: ["login ${env:TOKEN}"] } },
  },
};
