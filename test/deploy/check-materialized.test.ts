import { expect, test } from "vitest";
import { checkMaterialized } from "../../lib/deploy/check-materialized.ts";

test("with secrets in place only codes are told, never the text", () => {
  const found = checkMaterialized("web", "hunter2: secret\n");
  expect(found).toMatchObject([{ code: "CLOUD_INIT_HEADER_MISSING", severity: "error" }]);
  expect(JSON.stringify(found)).not.toContain("hunter2");
  expect(checkMaterialized("web", "#!/bin/sh\n")).toEqual([]);
});
