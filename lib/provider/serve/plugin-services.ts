import type { sendUnaryData, Server, ServerDuplexStream, ServerUnaryCall, ServerWritableStream } from "@grpc/grpc-js";

export interface PluginServices {
  /** Terraform asks the provider to end. */
  readonly onShutdown: () => void;
  /** Nobody listens any more: Terraform has ended, or was killed. */
  readonly onOrphaned: () => void;
}

const nothing = { requestDeserialize: () => ({}), requestSerialize: empty, responseDeserialize: () => ({}), responseSerialize: empty };

/**
 * The calls that go-plugin, Terraform's transport, makes beside the provider's own: streams that stay idle, and Shutdown, without which
 * Terraform waits two seconds for each process.
 */
export function addPluginServices(server: Server, { onShutdown, onOrphaned }: PluginServices): void {
  const call = (path: string, requestStream: boolean, responseStream: boolean) => ({ path, requestStream, responseStream, ...nothing });
  server.addService(
    {
      Shutdown: call("/plugin.GRPCController/Shutdown", false, false),
      StreamStdio: call("/plugin.GRPCStdio/StreamStdio", false, true),
      StartStream: call("/plugin.GRPCBroker/StartStream", true, true),
    },
    {
      Shutdown: (_call: ServerUnaryCall<unknown, unknown>, answer: sendUnaryData<unknown>) => {
        answer(null, {});
        onShutdown();
      },
      StreamStdio: (stream: ServerWritableStream<unknown, unknown>) => {
        stream.on("cancelled", onOrphaned);
      },
      StartStream: (stream: ServerDuplexStream<unknown, unknown>) => {
        stream.on("data", () => undefined);
        stream.on("end", () => stream.end());
      },
    },
  );
}

function empty(): Buffer {
  return Buffer.alloc(0);
}
