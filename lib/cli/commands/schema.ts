import { exitCodes, type CommandContext, type CommandResult } from "../context.ts";
import { schemaText } from "../schema-text.ts";

export function run(_context: CommandContext): Promise<CommandResult> {
  return Promise.resolve({ exitCode: exitCodes.done, text: schemaText(), foreignForm: true });
}
