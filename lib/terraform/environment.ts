/** The environment variable by which a Terraform and the programs that it started are known again after a kill. */
export const runVariable = "TERRARIUM_TERRAFORM_RUN";

/** Values of Terraform variables by name. Strings go as they are, everything else as JSON. */
export type Variables = Readonly<Record<string, unknown>>;

/**
 * The environment in which the engine runs.
 *
 * The user's own environment is kept (credentials, proxies, `TF_LOG`, `TF_LOG_PATH`, `TF_DATA_DIR`, `TF_PLUGIN_CACHE_DIR`, `TF_WORKSPACE`,
 * `TF_CLI_CONFIG_FILE`, `TF_REATTACH_PROVIDERS`, `TF_VAR_*`), but for `TF_CLI_ARGS` and `TF_CLI_ARGS_*`: arguments that we do not know
 * (`-target`, `-lock=false`, `-no-color`) would make a plan something else than what we show.
 *
 * @param variables passed as `TF_VAR_*`: never on the command line, which every user of the machine can read. Files such as
 *   `terrarium.auto.tfvars.json` win over them
 */
export function terraformEnvironment(
  base: Readonly<NodeJS.ProcessEnv>,
  { variables = {}, runId }: { readonly variables?: Variables; readonly runId?: string } = {},
): NodeJS.ProcessEnv {
  const kept = Object.entries(base).filter(([name]) => !/^TF_CLI_ARGS(_|$)/.test(name));
  const passed = Object.entries(variables).map(([name, value]) => [
    `TF_VAR_${name}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return {
    // Terraform makes much garbage in little memory: collecting it less often takes a third off a large plan. The user's own setting wins.
    GOGC: "400",
    ...Object.fromEntries(kept),
    ...Object.fromEntries(passed),
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    LC_ALL: "C",
    TZ: "UTC",
    ...(runId === undefined ? {} : { [runVariable]: runId }),
  };
}
