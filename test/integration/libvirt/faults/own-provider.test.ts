import { readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { hostPaths } from "../../../../lib/host/host-directory.ts";
import { moment, struckProgram } from "../../../fixtures/faults/struck-program.ts";
import { liveThroughStrikes, struckCases, type Seen } from "../../../fixtures/faults/struck-life.ts";
import { whyNoLabs, type LabRunner } from "../../../fixtures/lab-runner.ts";
import { nothingLeft } from "../../../fixtures/leftovers.ts";
import { faultLab, withLabs } from "./labs.ts";

const full = (process.env["TERRARIUM_TEST_FULL"] ?? "") !== "";
const missing = await whyNoLabs("terrarium");
const virsh = "/usr/bin/virsh";

/** Moments are calls of virsh, which our provider makes from the command's own process. */
const matrix = struckCases(["caller", "terraform", "program", "daemon"], {
  create: [
    "pool-define-as 1 after",
    "pool-build 1 before",
    "vol-create 2 after",
    "vol-upload 1 before",
    "vol-upload 2 after",
    "net-define 1 after",
    "net-start 1 before",
    "define 1 after",
    "start 1 before",
    "start 2 after",
  ].map(moment),
  update: [
    "net-define 1 after",
    "vol-create 1 after",
    "vol-upload 1 after",
    "blockresize 1 before",
    "net-update 1 after",
    "net-update 2 before",
    "define 1 before",
    "define 2 after",
    "undefine 1 before",
    "vol-delete 1 after",
  ].map(moment),
  destroy: [
    "destroy 1 after",
    "undefine 1 before",
    "undefine 2 after",
    "vol-delete 1 before",
    "vol-delete 3 after",
    "net-destroy 1 after",
    "net-undefine 1 before",
    "pool-destroy 1 after",
    "pool-delete 1 after",
    "pool-undefine 1 before",
  ].map(moment),
});

/** Where most is under way, with another victim each. */
const sample = [matrix[2], matrix[37]].flatMap((found) => found ?? []);

const seen = (sandboxes: readonly string[], networks: readonly string[]): Seen["objects"] => ({
  sandboxes: sandboxes.map((name) => `fl-${name}`),
  networks: networks.map((name) => `fl-${name}`),
  disks: ["one.disk1.qcow2", ...sandboxes.map((name) => `${name}.qcow2`)],
  seeds: sandboxes,
});

async function look(labs: LabRunner): Promise<Seen> {
  const names = async (...command: string[]): Promise<string[]> =>
    (await labs.virsh(...command, "--name"))
      .split("\n")
      .flatMap((name) => name.trim() || [])
      .sort();
  const pools = await Promise.all((await labs.deployments()).map((id) => readdir(`/var/lib/terrarium/pools/${id}-local`).catch(() => [])));
  const files = pools.flat().sort();
  return {
    objects: {
      sandboxes: await names("list"),
      networks: await names("net-list"),
      disks: files.filter((file) => file.endsWith(".qcow2")),
      seeds: files.filter((file) => !file.endsWith(".qcow2")).map((file) => file.replace(/\..*/, "")),
    },
    identity: await labs.virsh("domuuid", "fl-one"),
  };
}

describe.skipIf(missing !== undefined)("with our own provider, after a kill -9 the next run finishes, and nothing is left or lost", () => {
  const only = process.env["TERRARIUM_TEST_POINTS"]?.split(",").map(Number);
  const cases = only ? matrix.filter((_, index) => only.includes(index)) : full ? matrix : sample;
  test.each(cases)(
    "of $victim at $create.command $create.call, in an update at $update.command $update.call, in destroy at $destroy.command $destroy.call",
    async (one) => {
      const left = await withLabs(async (labs) => {
        const directory = labs.folder("bin");
        const daemon = `cat '${hostPaths("local", labs.hostDirectory).directory}/libvirtd.pid'`;
        const program = await struckProgram({ directory, name: "virsh", real: virsh, daemon });
        const lab = await faultLab({ provider: "terrarium" });
        const sandboxes = { one: { disks: [{ size: "32MiB" }], labels: { changed: "yes" } }, three: { networks: ["net", "more"] } };
        await liveThroughStrikes(
          {
            labs,
            program,
            lab: "fl",
            environment: { PATH: `${directory}:${process.env["PATH"] ?? ""}` },
            first: lab,
            second: { ...lab, networks: { net: { mode: "isolated" }, more: { mode: "isolated" } }, sandboxes },
            agreed: ["--allow-loss", "two"],
            expectDone: ({ exitCode, stderr }) => expect(exitCode, stderr).toBe(0),
            look: () => look(labs),
            expected: { first: seen(["one", "two"], ["net"]), second: seen(["one", "three"], ["more", "net"]) },
          },
          one,
        );
      });
      expect(left).toEqual(nothingLeft);
    },
  );
});
