/**
 * Start of one provider process until its handshake, with TLS as Terraform wants it, against bare Node. Goal: at most 150 ms more.
 * Needs a build.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { makeCertificate } from "../lib/provider/serve/certificate.ts";
import { say, sayMachine } from "./measure.ts";

const program = join(import.meta.dirname, "../dist/provider/terraform-provider-terrarium.cjs");
const env = {
  ...process.env,
  TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
  PLUGIN_CLIENT_CERT: makeCertificate().certificate,
};

/** Milliseconds until a program writes its first bytes. */
function untilFirstOutput(command: string, args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "inherit"] });
    child.on("error", reject);
    let taken: number | undefined;
    child.stdout.once("data", () => {
      taken = performance.now() - start;
      child.kill("SIGKILL");
    });
    child.on("close", () => (taken === undefined ? reject(new Error(`${command} wrote nothing`)) : resolve(taken)));
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

sayMachine("provider");
const ours: number[] = [];
const bare: number[] = [];
for (let run = 0; run < 15; run += 1) {
  ours.push(await untilFirstOutput(program, []));
  bare.push(await untilFirstOutput(process.execPath, ["-e", "process.stdout.write('.'); setInterval(() => {}, 1000)"]));
}
say("provider process until its handshake", median(ours), "ms");
say("bare node until its first output", median(bare), "ms");
say("difference", median(ours) - median(bare), "ms", 150);
