const tails = new Map<string, Promise<unknown>>();

/**
 * Runs `work` after all that was asked for before under the same key, in this process. Other processes are not held up: what they may do in
 * between, each operation must stand.
 */
export async function oneAtATime<T>(key: string, work: () => Promise<T>): Promise<T> {
  const run = (tails.get(key) ?? Promise.resolve()).then(work);
  // Whoever comes next waits for the end, and has nothing to do with how it ended: that is for our own caller, below.
  const tail = Promise.allSettled([run]);
  tails.set(key, tail);
  try {
    return await run;
  } finally {
    if (tails.get(key) === tail) tails.delete(key);
  }
}
