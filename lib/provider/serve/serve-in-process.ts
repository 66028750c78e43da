import { ServerCredentials } from "@grpc/grpc-js";
import { ProviderRuntime } from "../framework/lifecycle/provider-runtime.ts";
import type { Provider } from "../framework/provider.ts";
import type { Log } from "../framework/resource.ts";
import { createGrpcServer, listen } from "../protocol/grpc-server.ts";
import { providerService } from "../protocol/provider-service.ts";
import { makePrivateSocket } from "./private-socket.ts";

export interface ServedProvider {
  /** Value of TF_REATTACH_PROVIDERS for Terraform. It must be started asynchronously: this process has to answer it. */
  readonly reattach: string;
  /** Handlers that run at the moment. */
  readonly inFlight: () => number;
  /** Interrupts what runs, and stops serving. */
  close(): Promise<void>;
}

export interface ServeOptions {
  /** @default - nothing is logged */
  readonly log?: Log;
  /** Milliseconds that an interrupted handler has to stop. @default 20 s */
  readonly grace?: number;
}

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * Serves a provider from this process, on a socket that only this user can open. Terraform starts nothing then, and needs neither
 * `init` nor a lock entry for it. One server can serve any number of Terraform commands.
 *
 * @example const served = await serveInProcess(provider); await execa({ env: { TF_REATTACH_PROVIDERS: served.reattach } })`terraform plan`;
 */
export async function serveInProcess<Client>(
  provider: Provider<Client>,
  { log = silent, grace }: ServeOptions = {},
): Promise<ServedProvider> {
  const runtime = new ProviderRuntime(provider, log, grace === undefined ? {} : { grace });
  const socket = await makePrivateSocket();
  const server = createGrpcServer(providerService(runtime), {
    onFailure: (call, error) => log.error(`${call} failed`, { error: String(error) }),
  });
  try {
    await listen(server, `unix:${socket.path}`, ServerCredentials.createInsecure());
  } catch (error) {
    await socket.remove();
    throw error;
  }
  return {
    reattach: JSON.stringify({
      [provider.address]: {
        Protocol: "grpc",
        ProtocolVersion: 6,
        Pid: process.pid,
        // Terraform would otherwise fall back to protocol 5.
        Test: true,
        Addr: { Network: "unix", String: socket.path },
      },
    }),
    inFlight: () => runtime.running.count,
    close: async () => {
      runtime.running.stop();
      server.forceShutdown();
      await socket.remove();
    },
  };
}
