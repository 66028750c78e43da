import { destroyPlanned } from "../../deploy/apply.ts";
import { readPossibleLab } from "../../deploy/applied-lab.ts";
import { fetchSharedLab } from "../../deploy/fetch-shared-lab.ts";
import { terraformJsonFor } from "../../deploy/open-lab.ts";
import { planLab } from "../../deploy/plan.ts";
import { withSession } from "../../deploy/session.ts";
import { stateDirectory } from "../../deploy/state-directory.ts";
import { whichLab } from "../../deploy/which-lab.ts";
import { DiagnosticError } from "../../diagnostics/diagnostic-error.ts";
import { hasErrors } from "../../diagnostics/diagnostic.ts";
import { releaseIdleHosts } from "../../host/host-users.ts";
import { confirm } from "../confirm.ts";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "../context.ts";
import { colorful } from "../finish.ts";
import { labFile } from "../lab-options.ts";
import { serveProvider } from "../serve-provider.ts";
import { listenForInterrupts } from "../interrupts.ts";
import { renderVerdicts } from "../output/plan.ts";
import { pausableProgress } from "../output/pausable-progress.ts";

interface Options extends CommonOptions {
  readonly target?: readonly string[];
  readonly yes?: boolean;
}

/** `terrarium destroy [file]`: works on what was applied; the lab file may be broken or gone. */
export async function run(context: CommandContext, [file]: readonly string[], options: Options): Promise<CommandResult> {
  const { directory, name } = await whichLab({ file: labFile(options, file), cwd: context.cwd, instance: options.instance });
  const known = await readPossibleLab(stateDirectory(directory, name));
  const shared = known
    ? undefined
    : await fetchSharedLab({ file: labFile(options, file), cwd: context.cwd, env: context.env, directory, name });
  const lab = known ?? shared?.lab;
  if (!lab) {
    // Destroying nothing is done already, but for a host that a killed command had brought up.
    await releaseIdleHosts({ root: context.env["TERRARIUM_HOST_DIR"] });
    return { exitCode: exitCodes.done, text: `Nothing of lab "${name}" has been applied from here.\n`, document: { lab: name } };
  }
  const progress = pausableProgress(context);
  const interrupts = listenForInterrupts(context.stderr);
  try {
    const place = { directory, env: context.env, interrupts, onProgress: progress.show, serveProvider };
    // What somebody else has applied has no configuration here yet.
    const terraformJson = shared && (await terraformJsonFor(shared));
    return await withSession(lab, terraformJson, place, async (session) => {
      const planned = await planLab(session, { destroy: true, targets: options.target });
      progress.pause();
      context.stderr.write(renderVerdicts(planned.verdicts, { color: colorful(context), width: context.stderr.columns }));
      if (hasErrors(planned.diagnostics)) throw new DiagnosticError(planned.diagnostics);
      await confirm(context, `Destroy ${options.target ? options.target.join(", ") : "everything"} of lab "${name}"?`, options.yes);
      progress.resume();
      const destroyed = await destroyPlanned(session, planned, { everything: options.target === undefined });
      progress.end();
      return {
        exitCode: destroyed.interrupted ? exitCodes.interrupted : exitCodes.done,
        diagnostics: destroyed.diagnostics,
        text: destroyed.interrupted ? undefined : `Lab "${name}" is ${options.target ? "smaller" : "gone"}.\n`,
        document: { lab: name, verdicts: planned.verdicts },
      };
    });
  } finally {
    progress.end();
    interrupts.end();
  }
}
