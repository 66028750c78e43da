import type { ServeProvider } from "../deploy/session.ts";

/** Serves our own Terraform provider from this process. Nothing of it is loaded before it is asked for: most commands, and labs on another provider, do without. */
export const serveProvider: ServeProvider = async (workingDirectory) => {
  const [{ serveInProcess }, { terrariumProviderIn }] = await Promise.all([
    import("../provider/serve/serve-in-process.ts"),
    import("../provider/resources/provider.ts"),
  ]);
  return await serveInProcess(terrariumProviderIn(workingDirectory));
};
