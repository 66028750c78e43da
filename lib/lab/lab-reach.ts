import { parseIpv4 } from "../units/ipv4.ts";
import { didYouMean } from "./did-you-mean.ts";
import { addressFromHost, type LabReach, type LabSandbox } from "./lab.ts";
import type { Path, Report } from "./path.ts";
import { readInteger } from "./settings/read-value.ts";
import type { WrittenLab } from "./written-lab.ts";

/**
 * Who is to reach whom, as written, for each copy of a counted sandbox. The address is that in a network that both are in, else the one by which the host reaches it.
 *
 * Reports UNKNOWN_SANDBOX, and INVALID_VALUE for a sandbox whose address nobody knows.
 */
export function labReach(written: WrittenLab, sandboxes: readonly LabSandbox[], report: Report): LabReach[] {
  const read = (key: "reachable" | "unreachable"): LabReach[] =>
    (written[key] ?? []).flatMap(({ from, to, port: writtenPort }, index) => {
      const path: Path = [key, index];
      const port = readInteger(writtenPort, 1, 65_535, () => [...path, "port"], report);
      const rest = { ...(port !== undefined && { port }), reaches: key === "reachable" };
      const sources = named(sandboxes, from, [...path, "from"], report);
      if (parseIpv4(to) !== undefined) return sources.map(({ name }) => ({ from: name, to, address: to, ...rest }));
      const targets = named(sandboxes, to, [...path, "to"], report);
      return sources.flatMap((source) =>
        targets.flatMap((target): LabReach[] => {
          if (target.name === source.name) return [];
          const address = addressBetween(source, target);
          if (address === undefined) report(noAddress(target.name, [...path, "to"]));
          return address === undefined ? [] : [{ from: source.name, to: target.name, address, ...rest }];
        }),
      );
    });
  return [...read("reachable"), ...read("unreachable")];
}

function named(sandboxes: readonly LabSandbox[], name: string, path: Path, report: Report): LabSandbox[] {
  const found = sandboxes.filter((sandbox) => sandbox.name === name || sandbox.writtenAs === name);
  if (found.length > 0) return found;
  const known = [...new Set(sandboxes.map(({ writtenAs }) => writtenAs))];
  report({
    code: "UNKNOWN_SANDBOX",
    severity: "error",
    path,
    summary: `the lab has no sandbox "${name}"`,
    nextStep: didYouMean(name, known, "sandboxes"),
  });
  return [];
}

function addressBetween(from: LabSandbox, to: LabSandbox): string | undefined {
  const shared =
    from.host === to.host
      ? to.nics.find(({ network, address }) => address !== undefined && from.nics.some((nic) => nic.network === network))
      : undefined;
  return shared?.address ?? addressFromHost(to) ?? to.nics.find(({ address }) => address !== undefined)?.address;
}

function noAddress(sandbox: string, path: Path): Parameters<Report>[0] {
  return {
    code: "INVALID_VALUE",
    severity: "error",
    path,
    summary: `sandbox "${sandbox}" has no address that the lab knows`,
    nextStep: "Give it an `ip`, or write the address itself.",
  };
}
