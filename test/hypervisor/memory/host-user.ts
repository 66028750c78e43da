import { memoryOptionsFrom } from "../../../lib/hypervisor/memory/from-environment.ts";
import { memoryHypervisor } from "../../../lib/hypervisor/memory/memory-hypervisor.ts";

/** A process that makes sandboxes on a memory host: `host-user.ts NAME…`. What it is told of the host is in its environment. */
const driver = memoryHypervisor(memoryOptionsFrom(process.env));
await Promise.all(
  process.argv.slice(2).map((name) =>
    driver.createSandbox({
      owner: { deployment: "x", lab: "shop", name, provider: "terrarium", labels: {} },
      name,
      cpus: 1,
      memoryBytes: 2 ** 27,
      autostart: false,
      disks: [],
      nics: [],
      forwards: [],
    }),
  ),
);
