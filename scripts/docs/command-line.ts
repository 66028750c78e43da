/** The command lines of one line of shell, as words. Quotes are taken away, comments and redirections left out; nothing is expanded. */
export function commandLines(line: string): string[][] {
  const commands: string[][] = [[]];
  let word: string | undefined;
  const end = (): void => {
    if (word !== undefined) commands.at(-1)?.push(word);
    word = undefined;
  };
  for (const [, quoted, text, special] of line.matchAll(/("[^"]*"|'[^']*')|([^\s"'|&;<>]+)|([\s|&;<>])/g)) {
    if (quoted !== undefined) word = (word ?? "") + quoted.slice(1, -1);
    else if (text?.startsWith("#") && word === undefined) break;
    else if (text !== undefined) word = (word ?? "") + text;
    else {
      end();
      if (special === "|" || special === "&" || special === ";") commands.push([]);
      // What follows is a file.
      else if (special === ">" || special === "<") commands.at(-1)?.push(redirection);
    }
  }
  end();
  return commands.map(withoutRedirections).filter((words) => words.length > 0);
}

const redirection = "\0";

function withoutRedirections(words: readonly string[]): string[] {
  const kept: string[] = [];
  for (const [index, word] of words.entries()) if (word !== redirection && words[index - 1] !== redirection) kept.push(word);
  return kept;
}
