/** A number with its noun: `1 sandbox`, `2 sandboxes`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}
