import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Lab } from "../lab/lab.ts";
import { lossText } from "./loss-text.ts";
import type { SandboxVerdict, Verdicts } from "./verdicts.ts";

export interface LossRules {
  /** Sandboxes whose data may be lost: `--allow-loss NAME`. */
  readonly allowLoss: readonly string[];
  readonly lab: Lab;
  /** The lab of the last apply: its `protect` counts also where the block was deleted since. */
  readonly applied?: Lab;
  /**
   * True for the `destroy` command, which asks by itself. Protected sandboxes are refused there, too.
   *
   * @default false
   */
  readonly destroying?: boolean;
}

/**
 * Refuses what would lose data that nobody agreed to lose.
 *
 * Reports `PROTECTED` for each protected sandbox with a loss, whatever is allowed, and one `LOSS_NOT_ALLOWED` for all others.
 *
 * @returns an empty array if nothing is lost, or all of it may be
 */
export function checkLosses(
  { sandboxes }: Pick<Verdicts, "sandboxes">,
  { allowLoss, lab, applied, destroying = false }: LossRules,
): Diagnostic[] {
  const losing = sandboxes.filter(({ losses }) => losses.length > 0);
  const isProtected = ({ name }: SandboxVerdict): boolean => [lab, applied].some((one) => one?.sandboxes[name]?.protect === true);
  const diagnostics = losing.filter(isProtected).map(protectedLoss);
  const refused = destroying ? [] : losing.filter((verdict) => !isProtected(verdict) && !allowLoss.includes(verdict.name));
  return refused.length === 0 ? diagnostics : [...diagnostics, lossNotAllowed(refused)];
}

function protectedLoss(verdict: SandboxVerdict): Diagnostic {
  const { name, word, path } = verdict;
  return {
    code: "PROTECTED",
    severity: "error",
    path: [...path, "protect"],
    summary: `sandbox "${name}" is protected, and this would ${word === "destroy" ? "destroy it and " : ""}lose its ${lossesText(verdict)}`,
    nextStep: `Leave ${name} as it was applied, or set \`protect: false\` for it, apply that alone, and try again.`,
  };
}

function lossNotAllowed(refused: readonly SandboxVerdict[]): Diagnostic {
  const names = refused.map(({ name }) => name);
  const flags = names.map((name) => `--allow-loss ${name}`).join(" ");
  const [first] = refused;
  return {
    code: "LOSS_NOT_ALLOWED",
    severity: "error",
    ...(refused.length === 1 && { path: first?.path }),
    summary: `this would lose data of ${names.length === 1 ? `sandbox "${names[0]}"` : `${names.length} sandboxes`}, which --yes does not cover`,
    detail: refused.map((verdict) => `${verdict.name}  ${verdict.word}: loses ${lossesText(verdict)}${becauseOf(verdict)}`).join("\n"),
    nextStep: `If that is what you want, add ${flags}`,
  };
}

function lossesText({ losses }: SandboxVerdict): string {
  return losses.map(lossText).join(", ");
}

function becauseOf({ reasons }: SandboxVerdict): string {
  return reasons.length === 0 ? "" : `; ${reasons.map(({ text }) => text).join("; ")}`;
}
