import { defineConfig } from "vitest/config";

/** One project per tier, so that a run can say which tiers it ran: see test/README.md. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "pure",
          include: ["test/**/*.test.ts"],
          exclude: ["test/integration/**", "test/**/*.snapshot.test.ts"],
          testTimeout: 120_000,
        },
      },
      { test: { name: "snapshot", include: ["test/**/*.snapshot.test.ts"], testTimeout: 30_000 } },
      {
        // Real programs, no hypervisor: Terraform, cloud-init, isoinfo, xorriso, the YAML language server.
        test: { name: "tools", include: ["test/integration/tools/**/*.test.ts"], testTimeout: 300_000, hookTimeout: 300_000 },
      },
      {
        // A real libvirtd on an embedded host, real guests. One file at a time: guests under emulation want both cores.
        test: {
          name: "libvirt",
          include: ["test/integration/libvirt/**/*.test.ts"],
          testTimeout: 900_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
