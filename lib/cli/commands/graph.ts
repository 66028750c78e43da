import { openLab } from "../../deploy/open-lab.ts";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { graphOf, type Graph } from "../../review/graph/graph.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { openLabOptions } from "../lab-options.ts";

const forms = {
  mermaid: async (graph: Graph) => (await import("../../review/graph/mermaid.ts")).renderMermaid(graph),
  svg: async (graph: Graph) => (await import("../../review/graph/svg.ts")).renderSvg(graph),
  html: async (graph: Graph) => {
    const [{ renderSvg }, { pageOf }] = await Promise.all([import("../../review/graph/svg.ts"), import("../../review/forms/html-page.ts")]);
    return pageOf(`Topology of ${graph.lab}`, renderSvg(graph).trimEnd());
  },
  dot: async (graph: Graph) => (await import("../../review/graph/dot.ts")).renderDot(graph),
  json: (graph: Graph) => Promise.resolve(`${JSON.stringify(graph, null, 2)}\n`),
} as const;

interface Options extends CommonOptions {
  readonly format?: string;
}

/** `terrarium graph [file]` */
export async function run(context: CommandContext, [file]: readonly string[], options: Options): Promise<CommandResult> {
  const name = options.format ?? (options.json ? "json" : "mermaid");
  const form = Object.entries(forms).find(([key]) => key === name)?.[1];
  if (!form) {
    throw new DiagnosticError({
      code: "BAD_OPTION",
      severity: "error",
      summary: `expected --format ${Object.keys(forms).join(", ")}, found ${JSON.stringify(name)}`,
      nextStep: "Choose one of them; the default is mermaid.",
    });
  }
  const { lab, diagnostics } = await openLab(openLabOptions(context, options, file));
  const graph = graphOf(lab);
  return { exitCode: exitCodes.done, diagnostics, text: await form(graph), document: graph };
}
