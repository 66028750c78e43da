import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How the server treats one request; the default serves the file as a good server does. */
export type Treatment = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * A web server on loopback with one file that can be resumed (ETag, Range, If-Range), and that can be told to behave badly: `next` holds one
 * treatment per coming request, used up in order. A treatment that returns false leaves the answer to the server.
 */
export class FileServer implements AsyncDisposable {
  content: Buffer;
  etag = '"one"';
  /** Treatments of the coming requests. */
  readonly next: Treatment[] = [];
  /** What was asked for: the Range header, or "all". */
  readonly requests: string[] = [];
  readonly #server: Server;

  private constructor(server: Server, content: Buffer) {
    this.#server = server;
    this.content = content;
  }

  static async serve(content: Buffer): Promise<FileServer> {
    const server = createServer();
    const files = new FileServer(server, content);
    server.on("request", (request, response) => files.#answer(request, response));
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    return files;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/disk.img`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? "");
    this.requests.push(request.headers.range ?? "all");
    if (this.next.shift()?.(request, response) === true) return;
    const start = range && request.headers["if-range"] === this.etag ? Number(range[1]) : 0;
    const total = this.content.length;
    if (start >= total && start > 0) {
      response.writeHead(416, { "content-range": `bytes */${total}` }).end();
      return;
    }
    const headers = { etag: this.etag, "content-length": total - start };
    if (start === 0) response.writeHead(200, headers);
    else response.writeHead(206, { ...headers, "content-range": `bytes ${start}-${total - 1}/${total}` });
    response.end(this.content.subarray(start));
  }
}

/** Sends the whole file's headers, then only the first bytes, then cuts the connection. */
export function cutAfter(files: FileServer, bytes: number): Treatment {
  return (_, response) => {
    response.writeHead(200, { etag: files.etag, "content-length": files.content.length });
    response.write(files.content.subarray(0, bytes), () => response.destroy());
    return true;
  };
}

/** Answers with a status and nothing else. */
export function status(code: number): Treatment {
  return (_, response) => {
    response.writeHead(code).end();
    return true;
  };
}

/** Sends the first bytes and then nothing more, with the connection open. */
export function stallAfter(files: FileServer, bytes: number): Treatment {
  return (_, response) => {
    response.writeHead(200, { etag: files.etag, "content-length": files.content.length });
    response.write(files.content.subarray(0, bytes));
    return true;
  };
}
