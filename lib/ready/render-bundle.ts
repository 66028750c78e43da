import type { BundleNic, FailureBundle } from "./failure-bundle.ts";
import { signMeanings } from "./console-signs.ts";

/**
 * A bundle as text for a person: what to try first, then the facts. Foreign text has no control characters, but is not escaped for Markdown or HTML.
 *
 * @returns lines, the last without a line feed
 */
export function renderBundle(bundle: FailureBundle): string {
  const { cause, hints, unread, nics, console, agent } = bundle;
  const sections: string[][] = [
    cause ? [cause.summary, ...indent(cause.detail?.split("\n") ?? [])] : [`sandbox "${bundle.sandbox}"`],
    hints.length > 0 ? ["What to try:", ...hints.map((hint) => `  - ${hint}`)] : [],
    ["Machine:", ...indent(machineLines(bundle))],
    nics.length > 0 ? ["Network:", ...indent([...nics.flatMap(nicLines), ...agentLine(agent)])] : [],
    ["cloud-init:", ...indent(cloudInitLines(bundle))],
    console
      ? [
          console.lines.length === 0 ? "Console: empty" : `Console, last ${console.lines.length} lines:`,
          ...indent(console.lines),
          ...(console.sign ? [`  (${signMeanings[console.sign.kind]})`] : []),
        ]
      : ["Console: could not be read"],
    unread.length > 0 ? ["Could not be looked at:", ...indent(unread)] : [],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map(plain).join("\n"))
    .join("\n\n");
}

function machineLines({ machine, nameOnHost, accelerator, reached, elapsed }: FailureBundle): string[] {
  const waited = elapsed === undefined ? [] : [`waited ${(elapsed / 1000).toFixed(1)} s, reached: ${reached ?? "nothing"}`];
  if (!machine) return [`${nameOnHost}: not on its host`, ...waited];
  const reason = machine.reason === "" ? "" : ` (${machine.reason})`;
  return [
    `${nameOnHost}: ${machine.state}${reason}, ${accelerator === "tcg" ? "emulated (TCG)" : "KVM"}, ${machine.cpus} CPU${machine.cpus === 1 ? "" : "s"}, ${Math.round(machine.memoryBytes / 2 ** 20)} MiB`,
    ...machine.disks.map(({ target, kind, file }) => `${kind} ${target}: ${file ?? "empty"}`),
    ...waited,
  ];
}

function nicLines({ network, name, mac, expected, addressing, addresses, sent, received }: BundleNic): string[] {
  const found = addresses.length === 0 ? "none seen" : addresses.map(({ address, source }) => `${address} (${source})`).join(", ");
  const counters =
    sent === undefined
      ? ""
      : sent === 0
        ? `; TX 0, RX ${received ?? 0} bytes: the guest never spoke`
        : `; TX ${sent}, RX ${received ?? 0} bytes`;
  return [
    `${name} ${mac} in ${network}: expected ${expected ?? (addressing === "none" ? "no address" : "an address")} (${addressing}), ${found}${counters}`,
  ];
}

function agentLine(agent: FailureBundle["agent"]): string[] {
  return agent === undefined ? [] : [`guest agent: ${agent === "absent" ? "no channel for one" : agent}`];
}

function cloudInitLines({ cloudInit }: FailureBundle): string[] {
  if (!cloudInit) return ["nothing could be seen of it from outside"];
  const { finished, stage, datasource, errors, warnings, output, installed, disabled, instanceId } = cloudInit;
  if (!installed) return ["not in the image"];
  return [
    disabled ? "disabled" : finished ? "finished" : `not finished${stage === undefined ? "" : `, at ${stage}`}`,
    ...(datasource === undefined ? [] : [`datasource: ${datasource}`]),
    ...(instanceId === undefined ? [] : [`instance-id: ${instanceId}`]),
    ...errors.flatMap((error) => prefixed("error: ", error)),
    ...warnings.flatMap((warning) => prefixed("warning: ", warning)),
    ...(output.length > 0 ? ["end of its output:", ...indent(output)] : []),
  ];
}

function prefixed(prefix: string, text: string): string[] {
  return text.split("\n").map((line, index) => (index === 0 ? prefix : " ".repeat(prefix.length)) + line);
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

/** Colours and cursor movements of foreign programs stay out of our text. */
function plain(line: string): string {
  return line.replaceAll(/\p{Cc}/gu, " ").trimEnd();
}
