import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../../../node_modules/yaml-language-server/bin/yaml-language-server", import.meta.url));

/** Loaded before the server: tells on stderr whenever a socket is to be connected. */
const watch = `import net from "node:net";
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  process.stderr.write("CONNECT " + JSON.stringify(args) + "\\n");
  return connect.apply(this, args);
};`;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

export interface LspDiagnostic {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
}

/**
 * The YAML language server that editors run, as a child process, spoken to over LSP. It runs in a network namespace of its own without any interface where
 * the machine allows that, and with the public schema stores turned off everywhere.
 */
export class LanguageServer {
  /** What the server wrote to its log, and each connection that it tried to make. */
  readonly log: string[] = [];
  /** True if it has no network at all. */
  readonly isolated: boolean;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #published = new Map<string, (diagnostics: readonly LspDiagnostic[]) => void>();
  #received = Buffer.alloc(0);
  #requests = 0;

  constructor() {
    this.isolated = spawnSync("unshare", ["--map-root-user", "--net", "true"]).status === 0;
    const command = [process.execPath, "--import", `data:text/javascript,${encodeURIComponent(watch)}`, program, "--stdio"];
    const [first = "", ...rest] = this.isolated ? ["unshare", "--map-root-user", "--net", ...command] : command;
    this.#process = spawn(first, rest);
    this.#process.stdout.on("data", (chunk: Buffer) => this.#read(chunk));
    this.#process.stderr.on("data", (chunk: Buffer) => this.log.push(chunk.toString()));
  }

  async start(): Promise<void> {
    await this.request("initialize", {
      processId: process.pid,
      rootUri: null,
      capabilities: { workspace: { configuration: true }, textDocument: { hover: { contentFormat: ["markdown"] } } },
    });
    this.#send({ method: "initialized", params: {} });
    this.#send({ method: "workspace/didChangeConfiguration", params: { settings: { yaml: settings } } });
  }

  /** Opens a text under a name and waits for what the server finds in it. */
  async open(uri: string, text: string): Promise<readonly LspDiagnostic[]> {
    const published = new Promise<readonly LspDiagnostic[]>((resolve) => this.#published.set(uri, resolve));
    this.#send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "yaml", version: 1, text } } });
    return await published;
  }

  async request(method: string, params: unknown): Promise<unknown> {
    const id = ++this.#requests;
    const answer = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    this.#send({ id, method, params });
    const { result, error } = await answer;
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await ended;
  }

  #send(message: Message): void {
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
    this.#process.stdin.write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]));
  }

  #read(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const end = this.#received.indexOf("\r\n\r\n");
      if (end === -1) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#received.subarray(0, end).toString())?.[1]);
      if (this.#received.length < end + 4 + length) return;
      const body = this.#received.subarray(end + 4, end + 4 + length).toString();
      this.#received = this.#received.subarray(end + 4 + length);
      this.#handle(JSON.parse(body) as Message);
    }
  }

  #handle(message: Message): void {
    if (message.method === undefined) this.#waiting.get(message.id ?? 0)?.(message);
    else if (message.id !== undefined) this.#send({ id: message.id, result: answerTo(message) });
    else if (message.method === "textDocument/publishDiagnostics") {
      const { uri, diagnostics } = message.params as { uri: string; diagnostics: readonly LspDiagnostic[] };
      this.#published.get(uri)?.(diagnostics);
    } else if (message.method === "window/logMessage" || message.method === "window/showMessage") {
      this.log.push((message.params as { message: string }).message);
    }
  }
}

const settings = { validate: true, hover: true, completion: true, schemaStore: { enable: false }, kubernetesCRDStore: { enable: false } };

/** The server asks for its settings, section by section. */
function answerTo({ method, params }: Message): unknown {
  if (method !== "workspace/configuration") return null;
  return (params as { items: { section: string }[] }).items.map(({ section }) => (section === "yaml" ? settings : {}));
}
