import { expect, test } from "vitest";
import { terraformEnvironment } from "../../lib/terraform/environment.ts";

test("arguments that the user set for all Terraform runs are left out, everything else is kept", () => {
  const env = terraformEnvironment({
    TF_CLI_ARGS: "-lock=false",
    TF_CLI_ARGS_plan: "-target=x",
    TF_LOG: "debug",
    TF_DATA_DIR: "/d",
    HOME: "/h",
    TF_VAR_a: "1",
  });
  expect(env).toMatchObject({ TF_LOG: "debug", TF_DATA_DIR: "/d", HOME: "/h", TF_VAR_a: "1" });
  expect(Object.keys(env).filter((name) => name.startsWith("TF_CLI_ARGS"))).toEqual([]);
});

test("the engine neither asks nor phones home, and speaks English", () => {
  expect(terraformEnvironment({ LC_ALL: "de_DE.UTF-8", TF_INPUT: "1" })).toEqual({
    GOGC: "400",
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    LC_ALL: "C",
    TZ: "UTC",
  });
});

test("the user's own pace of garbage collection wins", () => {
  expect(terraformEnvironment({ GOGC: "100" })).toMatchObject({ GOGC: "100" });
});

test("variables are passed as text or JSON", () => {
  expect(terraformEnvironment({}, { variables: { name: "a b", count: 2, list: ["x"], none: null } })).toMatchObject({
    TF_VAR_name: "a b",
    TF_VAR_count: "2",
    TF_VAR_list: '["x"]',
    TF_VAR_none: "null",
  });
});
