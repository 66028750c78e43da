import { ServerCredentials } from "@grpc/grpc-js";
import { ProviderRuntime } from "../framework/lifecycle/provider-runtime.ts";
import type { Provider } from "../framework/provider.ts";
import { createGrpcServer, listen } from "../protocol/grpc-server.ts";
import { providerService } from "../protocol/provider-service.ts";
import { makeCertificate } from "./certificate.ts";
import { jsonLog } from "./json-log.ts";
import { addPluginServices } from "./plugin-services.ts";
import { makePrivateSocket } from "./private-socket.ts";

/** What a provider's own process is given by its main module. */
export interface PluginProcess {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The first line on stdout must be the handshake's. */
  readonly writeHandshake: (line: string) => void;
  readonly writeLog: (line: string) => void;
  readonly exit: (code: number) => void;
}

const cookie = { name: "TF_PLUGIN_MAGIC_COOKIE", value: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2" };

/** Milliseconds until the process ends after Shutdown: the last answers are on their way. */
const shutdownDelay = 50;

/** Milliseconds that handlers have to finish, once nobody waits for them any more, before they are interrupted. */
const orphansPatience = 60_000;

/**
 * Serves a provider as a plugin that Terraform started: handshake, TLS with both certificates checked, until Terraform wants it to end or
 * is gone. What is in flight when Terraform is gone is finished first.
 */
export async function servePlugin<Client>(provider: Provider<Client>, self: PluginProcess): Promise<void> {
  const { env, exit } = self;
  const log = jsonLog(self.writeLog);
  if (env[cookie.name] !== cookie.value) {
    self.writeLog(
      `This is a Terraform provider (${provider.address} ${provider.version}). Terraform starts it; \`terrarium provider install\` puts it in place.\n`,
    );
    return exit(1);
  }
  let inFlight = 0;
  let orphaned = false;
  let ending = false;
  let remove: () => Promise<void> = () => Promise.resolve();
  const end = () => {
    if (ending) return;
    ending = true;
    remove().then(
      () => exit(0),
      (error: unknown) => {
        log.warn("the socket could not be removed", { error: String(error) });
        exit(0);
      },
    );
  };
  const runtime = new ProviderRuntime(provider, log);
  const server = createGrpcServer(providerService(runtime), {
    onActivity: (change) => {
      inFlight += change;
      if (orphaned && inFlight === 0) end();
    },
    onFailure: (call, error) =>
      log.error(`${call} failed`, { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  });
  addPluginServices(server, {
    onShutdown: () => setTimeout(end, shutdownDelay),
    onOrphaned: () => {
      orphaned = true;
      if (inFlight === 0) end();
      else log.warn("Terraform has gone; what was begun is finished");
      setTimeout(() => runtime.running.stop(), orphansPatience).unref();
    },
  });
  const { credentials, certificate } = secure(env["PLUGIN_CLIENT_CERT"]);
  let address: string;
  // Whoever does not have Terraform's certificate gets nowhere, so that a port will do: a killed process leaves no socket behind.
  if (certificate || self.platform === "win32") {
    address = `tcp|127.0.0.1:${await listen(server, "127.0.0.1:0", credentials)}`;
  } else {
    const socket = await makePrivateSocket();
    remove = () => socket.remove();
    await listen(server, `unix:${socket.path}`, credentials);
    address = `unix|${socket.path}`;
  }
  self.writeHandshake(`1|6|${address}|grpc|${certificate}\n`);
}

/** Without a certificate of Terraform's (TF_DISABLE_PLUGIN_TLS), it speaks without TLS, and so must we. */
function secure(clientCertificate: string | undefined): { readonly credentials: ServerCredentials; readonly certificate: string } {
  if (!clientCertificate) return { credentials: ServerCredentials.createInsecure(), certificate: "" };
  const { key, certificate, handshake } = makeCertificate();
  const pair = { private_key: Buffer.from(key), cert_chain: Buffer.from(certificate) };
  return { credentials: ServerCredentials.createSsl(Buffer.from(clientCertificate), [pair], true), certificate: handshake };
}
