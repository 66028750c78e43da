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
        responseSerialize: (response: unknown): Buffer => calls[name].response.encode(response as never),
      },
    ]),
  );
  const handlers = Object.fromEntries(
    names.map((name) => [
      name,
      (call: ServerUnaryCall<unknown, unknown>, answer: sendUnaryData<unknown>): void => {
        onActivity?.(1);
        const handler = service[name] as (request: unknown) => unknown;
        Promise.resolve()
          .then(() => handler(call.request))
          .then((response) => {
            // Encoded here once, so that a response that cannot be encoded becomes a diagnostic and not a broken stream.
            calls[name].response.encode(response as never);
            answer(null, response);
          })
          .catch((error: unknown) => {
            onFailure?.(name, error);
            answerFailure(name, call.request, error, answer);
          })
          .finally(() => onActivity?.(-1));
      },
    ]),
  );
  server.addService(definition, handlers);
  return server;
}

/**
 * Every answer but StopProvider's has diagnostics: what went wrong reaches the user as one. A state that came with the request goes back
 * with it, for Terraform takes a missing one for null.
 */
function answerFailure(name: CallName, request: unknown, error: unknown, answer: sendUnaryData<unknown>): void {
  const said = error instanceof Error ? error.message : String(error);
  if (name === "StopProvider") return answer({ code: status.INTERNAL, details: said, metadata: new Metadata() });
  const summary = `The provider could not answer ${name}: ${said}`;
  const diagnostics = [{ severity: severities.error, summary, detail: "This is a bug in the provider, please report it." }];
  answer(null, { ...echo(name, request), diagnostics });
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
