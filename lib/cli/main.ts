#!/usr/bin/env node
import { createProgram } from "./program.ts";

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
