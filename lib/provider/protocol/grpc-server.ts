import { Metadata, Server, status, type sendUnaryData, type ServerCredentials, type ServerUnaryCall } from "@grpc/grpc-js";
import { calls, severities, type CallName, type RequestOf } from "./messages.ts";
import type { ProviderService } from "./provider-service.ts";

export interface GrpcServerOptions {
  /** Told of each call that begins and ends: whether anything is in flight. */
  readonly onActivity?: (change: 1 | -1) => void;
  /** Told of what failed in a call without having become a diagnostic: a bug. */
  readonly onFailure?: (call: string, error: unknown) => void;
}

/** A gRPC server that answers the calls of tfplugin6. Messages have no size limit: Terraform's own have none worth the name. */
export function createGrpcServer(service: ProviderService, { onActivity, onFailure }: GrpcServerOptions = {}): Server {
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  const names = Object.keys(calls) as CallName[];
  const definition = Object.fromEntries(
    names.map((name) => [
      name,
      {
        path: `/tfplugin6.Provider/${name}`,
        requestStream: false,
        responseStream: false,
        requestDeserialize: (bytes: Buffer): unknown => calls[name].request.decode(bytes),
        requestSerialize: (): Buffer => Buffer.alloc(0),
        responseDeserialize: (): unknown => undefined,
        responseSerialize: (response: Buffer): Buffer => response,
      },
    ]),
  );
  const handlers = Object.fromEntries(
    names.map((name) => [
      name,
      (call: ServerUnaryCall<unknown, Buffer>, answer: sendUnaryData<Buffer>): void => {
        onActivity?.(1);
        void answerCall(name, service, call.request, onFailure)
          .then(
            (response) => answer(null, response),
            (error: unknown) => answer({ code: status.INTERNAL, details: String(error), metadata: new Metadata() }),
          )
          .finally(() => onActivity?.(-1));
      },
    ]),
  );
  server.addService(definition, handlers);
  return server;
}

/**
 * The answer of a call, encoded. What went wrong reaches the user as a diagnostic, which every answer but StopProvider's has. A state that
 * came with the request goes back with it then, for Terraform takes a missing one for null.
 */
async function answerCall(
  name: CallName,
  service: ProviderService,
  request: unknown,
  onFailure: GrpcServerOptions["onFailure"],
): Promise<Buffer> {
  const encode = (response: unknown) => calls[name].response.encode(response as never);
  const handler = service[name] as (request: unknown) => unknown;
  try {
    return encode(await handler(request));
  } catch (error) {
    onFailure?.(name, error);
    if (name === "StopProvider") throw error;
    const summary = `The provider could not answer ${name}: ${error instanceof Error ? error.message : String(error)}`;
    const diagnostics = [{ severity: severities.error, summary, detail: "This is a bug in the provider, please report it." }];
    return encode({ ...echo(name, request), diagnostics });
  }
}

function echo(name: CallName, request: unknown): object {
  if (name === "ApplyResourceChange") {
    const { priorState, plannedPrivate } = request as RequestOf<"ApplyResourceChange">;
    return { newState: priorState, private: plannedPrivate };
  }
  if (name === "ReadResource") {
    const { currentState, private: stored } = request as RequestOf<"ReadResource">;
    return { newState: currentState, private: stored };
  }
  return {};
}

/** Starts listening. @returns the port; meaningless for a socket */
export function listen(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => (error ? reject(error) : resolve(port)));
  });
}
