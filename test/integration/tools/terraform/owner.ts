import { findEngine } from "../../../../lib/terraform/engine.ts";
import { Terraform } from "../../../../lib/terraform/terraform.ts";

/** Applies in the directory given, and says on standard output when a provisioner has begun. */
const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error("Expected a directory");
const terraform = new Terraform({ engine: await findEngine(process.env), workingDirectory: directory, env: process.env });
const outcome = await terraform.apply({
  onEvent: (event) => {
    if (event.type === "provision_progress") process.stdout.write("provisioning\n");
  },
});
process.exitCode = outcome.ok ? 0 : 1;
