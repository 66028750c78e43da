import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { talk } from "../../lib/ready/guest-stream.ts";
import { httpRequest } from "../../lib/ready/probe.ts";

const servers: Server[] = [];
const sockets = new Set<Socket>();

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

async function serve(server: Server): Promise<number> {
  servers.push(server);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** A port where nobody listens: one that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await serve(server);
  server.close();
  await once(server, "close");
  return port;
}

/** The program that embedded hosts use, outside any namespace. */
const realProxy = [
  process.execPath,
  "--import",
  import.meta.resolve("tsx"),
  fileURLToPath(new URL("../../lib/host/connect.ts", import.meta.url)),
  "%h",
  "%p",
];

const ways = [
  ["directly", undefined],
  ["through a proxy command", realProxy],
] as const;

test.each(ways)("%s, a port that takes connections answers, whether its server speaks first or not", async (_way, proxyCommand) => {
  const silent = await serve(createServer((socket) => socket.resume()));
  const greeting = await serve(createServer((socket) => socket.write("SSH-2.0-test\r\n")));
  for (const port of [silent, greeting]) {
    expect(await talk({ address: "127.0.0.1", port, proxyCommand }, { timeout: 10_000 })).toMatchObject({ kind: "answered" });
  }
});

test.each(ways)("%s, a port where nobody listens refuses", async (_way, proxyCommand) => {
  const port = await freePort();
  expect(await talk({ address: "127.0.0.1", port, proxyCommand }, { timeout: 10_000 })).toEqual({ kind: "refused" });
});

test.each(ways)("%s, a web server gets a request it understands and its answer is read", async (_way, proxyCommand) => {
  const asked: string[] = [];
  const port = await serve(
    createHttpServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.host}`);
      response.writeHead(404).end("gone");
    }),
  );
  const answer = await talk(
    { address: "127.0.0.1", port, proxyCommand },
    { say: httpRequest("127.0.0.1", port, "/a b/ä?x=1\r\nEvil: yes"), enough: (text) => text.includes("\n"), timeout: 10_000 },
  );
  expect(answer).toMatchObject({ kind: "answered", received: expect.stringMatching(/^HTTP\/1\.1 404 Not Found\r\n/) });
  expect(asked).toEqual([`GET /a%20b/%C3%A4?x=1%0D%0AEvil:%20yes 127.0.0.1:${port}`]);
});

test("a server that takes the request and never answers is silent after the timeout", async () => {
  const port = await serve(createServer((socket) => socket.resume()));
  const answer = await talk({ address: "127.0.0.1", port }, { say: "GET /\r\n", timeout: 200 });
  expect(answer).toEqual({ kind: "silent", detail: "no answer in 0.2 s" });
});

test("a signal ends the conversation", async () => {
  const port = await serve(createServer((socket) => socket.resume()));
  const stop = new AbortController();
  setImmediate(() => stop.abort());
  const answer = await talk({ address: "127.0.0.1", port }, { say: "GET /\r\n", timeout: 10_000, signal: stop.signal });
  expect(answer).toEqual({ kind: "silent", detail: "interrupted" });
});

test("a proxy that is not installed, or fails, says so; address and port are appended where it has no places for them", async () => {
  const missing = await talk({ address: "127.0.0.1", port: 1, proxyCommand: ["/no/such/proxy"] }, { timeout: 5000 });
  expect(missing).toMatchObject({ kind: "silent", detail: expect.stringContaining("ENOENT") });
  const script = 'console.error("arguments: " + process.argv.slice(1).join(" ")); process.exitCode = 1';
  const failing = await talk({ address: "10.0.0.5", port: 80, proxyCommand: [process.execPath, "-e", script] }, { timeout: 10_000 });
  expect(failing).toEqual({ kind: "silent", detail: "arguments: 10.0.0.5 80" });
});
