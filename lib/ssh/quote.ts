const harmless = /^[A-Za-z0-9_./:=@%+,-]+$/;

/** In first place these are not programs: assignments, options of the shell itself (it is run with `-c TEXT`), words of its language. */
const notAProgram = /^-|=|^(?:case|coproc|do|done|elif|else|esac|fi|for|function|if|in|select|then|time|until|while)$/;

/**
 * One text for a POSIX shell that gives back exactly these arguments: ssh joins its arguments with spaces and has the other side's
 * shell read the result. Nothing is expanded there: no `*`, no `$`, no `~`.
 *
 * @throws RangeError for an argument with a NUL character, which no program can be given
 * @example quoteForRemoteShell(["echo", "it's"]) // `echo 'it'\''s'`
 */
export function quoteForRemoteShell(args: readonly string[]): string {
  return args.map((arg, index) => quoteOne(arg, index === 0)).join(" ");
}

function quoteOne(arg: string, isProgram: boolean): string {
  if (arg.includes("\0")) throw new RangeError(`Expected arguments without NUL characters, got ${JSON.stringify(arg)}`);
  if (harmless.test(arg) && !(isProgram && notAProgram.test(arg))) return arg;
  return `'${arg.replaceAll("'", String.raw`'\''`)}'`;
}
