import { X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { makeCertificate } from "../../../lib/provider/serve/certificate.ts";
import { jsonLog } from "../../../lib/provider/serve/json-log.ts";
import { servePlugin } from "../../../lib/provider/serve/serve-plugin.ts";
import { connectPlugin } from "../../fixtures/provider/plugin-client.ts";
import { emptyBench, workbenchProvider } from "../../fixtures/provider/workbench.ts";

const cookie = { TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2" };

function fakeProcess(env: Record<string, string>) {
  const said = { handshake: "", log: "", exits: [] as number[] };
  const writers = { writeHandshake: (line: string) => (said.handshake += line), writeLog: (line: string) => (said.log += line) };
  return { said, self: { env, platform: "linux" as const, exit: (code: number) => void said.exits.push(code), ...writers } };
}

test("who starts it by hand is told what it is", async () => {
  const { said, self } = fakeProcess({});
  await servePlugin(workbenchProvider(emptyBench()), self);
  expect(said).toMatchObject({
    handshake: "",
    exits: [1],
    log: expect.stringContaining("This is a Terraform provider (example.test/acme/bench 1.0.0)") as string,
  });
});

test("without TLS it listens on a socket of the user's own, which goes with it", async () => {
  const { said, self } = fakeProcess(cookie);
  await servePlugin(workbenchProvider(emptyBench()), self);
  const [, path = ""] = /^1\|6\|unix\|([^|]+)\|grpc\|\n$/.exec(said.handshake) ?? [];
  const client = connectPlugin(`unix:${path}`);
  expect(await client.call("GetMetadata", {})).toMatchObject({ diagnostics: [] });
  client.close();
  const { Client, credentials } = await import("@grpc/grpc-js");
  const controller = new Client(`unix:${path}`, credentials.createInsecure());
  await new Promise((resolve) =>
    controller.makeUnaryRequest(
      "/plugin.GRPCController/Shutdown",
      () => Buffer.alloc(0),
      () => null,
      {},
      resolve,
    ),
  );
  controller.close();
  await expect.poll(() => said.exits).toEqual([0]);
  expect(existsSync(dirname(path))).toBe(false);
});

test("the certificate is one for localhost, valid now, signed by its own key", () => {
  const { certificate, handshake } = makeCertificate(new Date());
  const parsed = new X509Certificate(certificate);
  expect(parsed.checkHost("localhost")).toBe("localhost");
  expect(parsed.verify(parsed.publicKey)).toBe(true);
  expect(Date.parse(parsed.validFrom)).toBeLessThan(Date.now());
  expect(handshake).not.toContain("=");
  expect(new X509Certificate(Buffer.from(handshake, "base64")).fingerprint256).toBe(parsed.fingerprint256);
});

test("a log line is one that Terraform's reader takes", () => {
  let line = "";
  const log = jsonLog(
    (text) => (line = text),
    () => new Date("2026-01-02T03:04:05.678Z"),
  );
  log.warn("two\nlines", { count: 1, "@level": "x", long: "y".repeat(20_000) });
  const parsed = JSON.parse(line) as Record<string, string>;
  expect(parsed).toMatchObject({ "@level": "warn", "@message": "two\nlines", "@timestamp": "2026-01-02T03:04:05.678000Z", count: 1 });
  expect(line.endsWith("\n") && line.length < 65_536).toBe(true);
});
