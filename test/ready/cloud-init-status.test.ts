import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readCloudInitStatus } from "../../lib/ready/cloud-init-status.ts";

/** As cloud-init 22.4.2 of Debian 12 wrote it. */
const debian12 = {
  result: '{\n "v1": {\n  "datasource": "DataSourceNoCloud [seed=/dev/sr0][dsmode=net]",\n  "errors": []\n }\n}\n',
  status:
    '{\n "v1": {\n  "datasource": "DataSourceNoCloud [seed=/dev/sr0][dsmode=net]",\n  "init": {"errors": [], "finished": 1700000022.1, "start": 1700000001.0},\n  "init-local": {"errors": [], "finished": 1.0, "start": 0.5},\n  "modules-config": {"errors": [], "finished": 3.0, "start": 2.0},\n  "modules-final": {"errors": [], "finished": 4.0, "start": 3.5},\n  "stage": null\n }\n}\n',
};

test("cloud-init 22.4 that has finished well", () => {
  expect(readCloudInitStatus(debian12)).toEqual({
    finished: true,
    datasource: "DataSourceNoCloud [seed=/dev/sr0][dsmode=net]",
    errors: [],
    warnings: [],
    deprecations: [],
  });
});

test("without a result it has not finished, and its stage is told", () => {
  const status = '{"v1": {"datasource": null, "stage": "modules-config", "init": {"errors": ["x"], "start": 1, "finished": 2}}}';
  expect(readCloudInitStatus({ status })).toEqual({
    finished: false,
    stage: "modules-config",
    errors: ["x"],
    warnings: [],
    deprecations: [],
  });
});

test("errors of stages and of the result are told once each; recoverable ones by their level", () => {
  const result = '{"v1": {"datasource": "DataSourceNoCloud", "errors": ["a", "b"]}}';
  const status = JSON.stringify({
    v1: {
      stage: null,
      "modules-config": { errors: ["b"], recoverable_errors: { WARNING: ["w"], DEPRECATED: ["d"], ERROR: ["e"] } },
      "modules-final": { errors: [], recoverable_errors: {} },
    },
  });
  expect(readCloudInitStatus({ result, status })).toMatchObject({ errors: ["a", "b"], warnings: ["w", "e"], deprecations: ["d"] });
});

test("a file read while it is written counts as not there", () => {
  expect(readCloudInitStatus({ result: debian12.result.slice(0, 30), status: "" })).toMatchObject({ finished: false });
});

test("whatever stands in the files, reading them never throws", () => {
  fc.assert(
    fc.property(fc.option(fc.json(), { nil: undefined }), fc.anything(), (result, v1) => {
      const status = JSON.stringify({ v1 }, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));
      expect(readCloudInitStatus({ result, status }).errors).toBeInstanceOf(Array);
    }),
  );
});
