/** A value, and the processor time it took in milliseconds: unlike the clock's, it does not depend on what else the machine does. */
export function timed<T>(work: () => T): { readonly value: T; readonly milliseconds: number } {
  const before = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(before);
  return { value, milliseconds: (user + system) / 1000 };
}
