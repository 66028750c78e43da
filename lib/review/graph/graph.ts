import { networkKey, type Lab } from "../../lab/lab.ts";
import { size } from "../difference.ts";
import type { LabReview } from "../review.ts";
import type { NetworkWord, SandboxWord } from "../verdicts.ts";

/** What is drawn of a sandbox or network. Plain JSON. */
export interface GraphNode {
  readonly id: string;
  readonly kind: "sandbox" | "network";
  readonly name: string;
  readonly host: string;
  /** Short lines under the name. */
  readonly facts: readonly string[];
  /** What a change does to it. Absent: nothing, or nobody asked. */
  readonly mark?: SandboxWord | NetworkWord;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** The address in the network. */
  readonly label: string;
}

export interface Graph {
  readonly lab: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** `web-2` before `web-10`, in every locale. */
const byNumber = new Intl.Collator("en", { numeric: true });

/**
 * The topology of a lab: networks, and the sandboxes in them. A sandbox's own network is left out, as it leads nowhere else.
 *
 * @param review marks what the change does
 */
export function graphOf(lab: Lab, review?: Pick<LabReview, "sandboxes" | "networks">): Graph {
  const marks = new Map<string, GraphNode["mark"]>();
  for (const { name, host, word } of review?.sandboxes ?? []) if (word !== "none") marks.set(`sandbox ${host}/${name}`, word);
  for (const { name, host, word } of review?.networks ?? []) if (word !== "none") marks.set(`network ${host}/${name}`, word);
  const ids = new Map<string, string>();
  const node = (kind: GraphNode["kind"], host: string, name: string, facts: readonly string[]): GraphNode => {
    const key = `${kind} ${host}/${name}`;
    const id = `n${ids.size + 1}`;
    ids.set(key, id);
    const mark = marks.get(key);
    return { id, kind, name, host, facts, ...(mark !== undefined && { mark }) };
  };
  const networks = Object.values(lab.networks)
    .filter(({ ownedBy }) => ownedBy === undefined)
    .map(({ host, name, mode, cidr }) => node("network", host, name, cidr === undefined ? [mode] : [mode, cidr]));
  const sandboxes = Object.values(lab.sandboxes).sort((one, other) => byNumber.compare(one.name, other.name));
  const machines = sandboxes.map(({ host, name, cpus, memory, image }) =>
    node("sandbox", host, name, [`${cpus} CPU${cpus === 1 ? "" : "s"}, ${size(memory)}`, image]),
  );
  const edges = sandboxes.flatMap(({ host, name, nics }) =>
    nics.flatMap(({ network, address = "" }): GraphEdge[] => {
      const [from, to] = [ids.get(`sandbox ${host}/${name}`), ids.get(`network ${networkKey(host, network)}`)];
      return from === undefined || to === undefined ? [] : [{ from, to, label: address }];
    }),
  );
  return { lab: lab.name, nodes: [...networks, ...machines], edges };
}
