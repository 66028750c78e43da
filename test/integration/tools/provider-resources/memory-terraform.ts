import { serveInProcess } from "../../../../lib/provider/serve/serve-in-process.ts";
import { terrariumProvider } from "../../../../lib/provider/resources/provider.ts";
import { memoryLab } from "../../../fixtures/provider/memory-lab.ts";
import { TerraformProject } from "../../../fixtures/provider/terraform-project.ts";

/** Real Terraform with our provider, served from this process, on a host in memory. */
export async function memoryTerraform() {
  const lab = await memoryLab();
  const served = await serveInProcess(terrariumProvider);
  const project = await TerraformProject.create({ TF_REATTACH_PROVIDERS: served.reattach });
  const header = (block: string): string => `
terraform {
  required_providers {
    terrarium = { source = "terrarium.internal/terrarium/terrarium" }
  }
}
resource "terraform_data" "deployment" { input = "d1" }
provider "terrarium" {
  hypervisor = "memory"
  uri        = ${JSON.stringify(lab.uri)}
  lab        = "demo"
  ${block}
}
`;
  return {
    ...lab,
    project,
    /** Writes main.tf: the provider block and these resources. */
    write: (resources: string, block = "deployment = terraform_data.deployment.output"): Promise<void> =>
      project.write(`${header(block)}\n${resources}`),
    /** The actions of a plan, by address; none where nothing changes. */
    planned: async (): Promise<Record<string, { actions: string; after: Readonly<Record<string, unknown>> | null }>> => {
      await project.succeed("plan", "-out=plan.bin", "-no-color", "-input=false");
      const plan = JSON.parse(await project.succeed("show", "-json", "plan.bin")) as {
        resource_changes?: { address: string; change: { actions: string[]; after: Readonly<Record<string, unknown>> | null } }[];
      };
      const changes = (plan.resource_changes ?? []).filter(({ change }) => change.actions.join() !== "no-op");
      return Object.fromEntries(changes.map(({ address, change }) => [address, { actions: change.actions.join(), after: change.after }]));
    },
    remove: async (): Promise<void> => {
      await served.close();
      await project.remove();
      await lab.remove();
    },
  };
}

export type MemoryTerraform = Awaited<ReturnType<typeof memoryTerraform>>;
