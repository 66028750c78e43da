import type { IConstruct } from "constructs";
import type { Diagnostic } from "../lib/diagnostics/diagnostic.ts";
import { declarationOf, type Declaration } from "../lib/lab/declare.ts";
import { joinCloudInit } from "../lib/lab/join-cloud-init.ts";
import type { WrittenLab, WrittenSandbox } from "../lib/lab/written-lab.ts";

/** The written lab that a construct tree declares. */
export interface Collected {
  readonly written: WrittenLab;
  /** Waiting gates, each with the sandboxes it names; none: all. */
  readonly gates: readonly (readonly string[])[];
  /** The construct that declared what stands at a path of the written lab. */
  readonly constructPath: (path: readonly (string | number)[]) => string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

const sections = { sandbox: "sandboxes", network: "networks", image: "images" } as const;

/** Adds the declarations below `root` to what the stack's own props say. Two of one name are reported with both paths. */
export function collect(root: IConstruct, props: WrittenLab): Collected {
  const found = root.node.findAll().flatMap((construct) => {
    const declaration = declarationOf(construct);
    return declaration ? [{ declaration, path: construct.node.path }] : [];
  });
  const places = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  const written = { images: { ...props.images }, networks: { ...props.networks }, sandboxes: { ...props.sandboxes } };
  for (const { declaration, path } of found) {
    if (!isNamed(declaration)) continue;
    const section = sections[declaration.kind];
    const place = `${section}/${declaration.name}`;
    if (Object.hasOwn(written[section], declaration.name)) {
      diagnostics.push(duplicate(declaration, path, places.get(place) ?? `${root.node.path} (props)`));
      continue;
    }
    places.set(place, path);
    Object.assign(written[section], { [declaration.name]: declaration.written });
  }
  for (const { declaration } of found) addToSandbox(written.sandboxes, declaration);
  return {
    written: { ...props, ...written },
    gates: found.flatMap(({ declaration }) => (declaration.kind === "ready" ? [declaration.sandboxes] : [])),
    constructPath: ([section, name]) => places.get(`${section}/${name}`),
    diagnostics,
  };
}

type Named = Extract<Declaration, { kind: keyof typeof sections }>;

function isNamed(declaration: Declaration): declaration is Named {
  return declaration.kind in sections;
}

function duplicate({ kind, name }: Named, path: string, first: string): Diagnostic {
  return {
    code: "DUPLICATE_NAME",
    severity: "error",
    path: [sections[kind], name],
    constructPath: path,
    summary: `${kind} "${name}" is declared twice, at ${first} and at ${path}`,
    nextStep: "Give one of them another id: the id is the object's name in the lab, wherever in the tree it stands.",
  };
}

function addToSandbox(sandboxes: Record<string, WrittenSandbox>, declaration: Declaration): void {
  if (declaration.kind !== "disk" && declaration.kind !== "seed") return;
  const sandbox = sandboxes[declaration.sandbox];
  if (!sandbox) return;
  if (declaration.kind === "disk") {
    sandboxes[declaration.sandbox] = { ...sandbox, disks: [...(sandbox.disks ?? []), declaration.written] };
  } else {
    sandboxes[declaration.sandbox] = { ...sandbox, cloudInit: joinCloudInit(sandbox.cloudInit, declaration.written) };
  }
}
