#!/usr/bin/env node
import { createProgram } from "./program.ts";

// Whoever reads our output may stop early (`| head`): nothing of ours has failed then.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

const program = createProgram({
  cwd: process.cwd(),
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
});

const exitCode = await program.run(process.argv.slice(2));
// Streams are flushed by the event loop; process.exit() would cut a long document on a pipe.
process.exitCode = exitCode;
