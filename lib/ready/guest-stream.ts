import { spawn } from "node:child_process";
import { connect } from "node:net";
import type { Readable, Writable } from "node:stream";

/** Where a guest is reached. */
export interface GuestPort {
  readonly address: string;
  readonly port: number;
  /** See `ReadyTarget.proxyCommand`. */
  readonly proxyCommand?: readonly string[];
}

/** How a connection went. */
export type PortAnswer =
  | { readonly kind: "answered"; readonly received: string }
  /** Somebody is at the address, and nobody listens on the port. */
  | { readonly kind: "refused" }
  /** `detail`: what went wrong instead, on one line. */
  | { readonly kind: "silent"; readonly detail: string };

export interface TalkOptions {
  /** What to say. Without it the connection is only opened and closed again. */
  readonly say?: string;
  /** Whether what has been received is enough. @default - the first byte is */
  readonly enough?: (received: string) => boolean;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
}

/**
 * Connects to a port of a guest, says something and listens. Failures are answers: whoever waits meets many.
 *
 * Directly it is the connection itself that counts. Through a proxy command nobody tells when it stands, so an open port is one that says something, or
 * closes when we do: proxies that cannot connect end with an error.
 *
 * @example await talk({ address: "10.0.0.5", port: 22 }, { timeout: 5000 }) // { kind: "answered", received: "" }
 */
export async function talk(port: GuestPort, options: TalkOptions): Promise<PortAnswer> {
  const { say, enough = (received) => received.length > 0, timeout, signal } = options;
  if (signal?.aborted === true) return { kind: "silent", detail: "interrupted" };
  const connection = port.proxyCommand ? throughProxy(port, port.proxyCommand) : directly(port);
  return await new Promise<PortAnswer>((resolve) => {
    let received = "";
    const finish = (answer: PortAnswer): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", interrupt);
      connection.close();
      resolve(answer);
    };
    const interrupt = (): void => finish({ kind: "silent", detail: "interrupted" });
    const timer = setTimeout(() => finish({ kind: "silent", detail: `no answer in ${timeout / 1000} s` }), timeout);
    signal?.addEventListener("abort", interrupt);
    connection.output.setEncoding("latin1");
    connection.output.on("data", (chunk: string) => {
      // No answer that is waited for is longer: a server that talks and talks is not read to its end.
      received = (received + chunk).slice(0, 65_536);
      if (enough(received)) finish({ kind: "answered", received });
    });
    connection.onEnd((failure) => finish(failure ?? { kind: "answered", received }));
    if (say !== undefined) connection.input.write(say, "utf8");
    else if (!connection.onOpen?.(() => finish({ kind: "answered", received }))) connection.input.end();
  });
}

interface Connection {
  readonly input: Writable;
  readonly output: Readable;
  /** Calls back when it stands; absent where nobody tells. @returns true */
  readonly onOpen?: (then: () => void) => true;
  /** Calls back when it is over; without a failure if the other side ended it in order. */
  readonly onEnd: (then: (failure: PortAnswer | undefined) => void) => void;
  readonly close: () => void;
}

function directly({ address, port }: GuestPort): Connection {
  const socket = connect({ host: address, port });
  return {
    input: socket,
    output: socket,
    onOpen: (then) => {
      socket.once("connect", then);
      return true;
    },
    onEnd: (then) => {
      socket.on("error", (error: NodeJS.ErrnoException) => {
        then(error.code === "ECONNREFUSED" ? { kind: "refused" } : { kind: "silent", detail: error.message });
      });
      socket.once("end", () => then(undefined));
    },
    close: () => socket.destroy(),
  };
}

function throughProxy({ address, port }: GuestPort, proxyCommand: readonly string[]): Connection {
  const tokens = new Map([
    ["%h", address],
    ["%p", String(port)],
  ]);
  const hasTokens = proxyCommand.some((argument) => tokens.has(argument));
  const [program = "", ...args] = hasTokens
    ? proxyCommand.map((argument) => tokens.get(argument) ?? argument)
    : [...proxyCommand, address, String(port)];
  const child = spawn(program, args, { env: { ...process.env, LC_ALL: "C" }, stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (chunk: string) => {
    said = (said + chunk).slice(0, 4096);
  });
  // A proxy that ends closes the pipe; its exit code tells the rest.
  child.stdin.on("error", () => child.stdin.destroy());
  return {
    input: child.stdin,
    output: child.stdout,
    onEnd: (then) => {
      child.once("error", (error) => then({ kind: "silent", detail: error.message }));
      child.once("close", (code) => {
        if (code === 0) then(undefined);
        else if (/ECONNREFUSED|Connection refused/i.test(said)) then({ kind: "refused" });
        else then({ kind: "silent", detail: said.trim().split("\n").at(-1) || `${program} ended with code ${code}` });
      });
    },
    close: () => {
      child.stdin.destroy();
      child.kill();
    },
  };
}
