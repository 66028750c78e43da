import { defineConfig } from "vitest/config";

/** Part of `npm run test:full` only: long boots of what the rest shows with fewer, and a second way through what the rest shows. */
const fullOnly = ["test/integration/libvirt/ready/cloud-init.test.ts", "test/integration/libvirt/secrets/typescript.test.ts"];

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
        // A real libvirtd on an embedded host, real guests. Each file has hosts of its own; more than two at a time would only wait for each other's emulated guests.
        test: {
          name: "libvirt",
          include: ["test/integration/libvirt/**/*.test.ts"],
          exclude: process.env["TERRARIUM_TEST_FULL"] ? [] : fullOnly,
          testTimeout: 900_000,
          hookTimeout: 900_000,
          maxWorkers: 2,
        },
      },
      {
        // A real VBoxManage with a daemon of its own for each file; guests only where the kernel driver is.
        test: {
          name: "virtualbox",
          include: ["test/integration/virtualbox/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: 1,
        },
      },
    ],
  },
});
