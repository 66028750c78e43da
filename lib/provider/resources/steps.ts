import type { Context } from "../framework/resource.ts";
import type { Client, OpenHost } from "./client.ts";

/**
 * One step of a change on the host. It is not begun after the user interrupted or the time is over, and not waited for any longer: a driver's call ends by itself,
 * and what it makes is taken over by the next apply.
 *
 * @throws the signal's reason
 */
export async function step<T>(host: OpenHost, { signal }: Pick<Context<Client>, "signal">, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  return await new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
    host.view
      .write(work)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", stop));
  });
}
