import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { writeYaml } from "../../lib/cloud-init/yaml-1-1.ts";

test("texts that YAML 1.1 would read as something else are quoted", () => {
  expect(writeYaml({ mode: "0644", on: "yes", mac: "52:54:00", none: "~" })).toBe(
    '{\n  "mode": "0644",\n  "on": "yes",\n  "mac": "52:54:00",\n  "none": "~"\n}\n',
  );
});

test("keys without a value are left out, empty lists and maps stay", () => {
  expect(writeYaml({ a: undefined, b: [], c: {} })).toBe('{\n  "b": [],\n  "c": {}\n}\n');
});

test("characters that PyYAML refuses or takes for a line's end are escaped", () => {
  expect(writeYaml(["\u0085\u2028\u007f\ufeff ü 😀"])).toBe('[\n  "\\u0085\\u2028\\u007f\\ufeff ü 😀"\n]\n');
});

test("a number with an exponent has a dot, without which YAML 1.1 reads text", () => {
  expect(writeYaml([1e21, 1.5e-7, 3])).toBe("[\n  1.0e+21,\n  1.5e-7,\n  3\n]\n");
});

test("JSON and YAML 1.1 readers see what was written", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const written = writeYaml(value);
      const plain = JSON.parse(JSON.stringify(value)) as unknown;
      expect(JSON.parse(written)).toEqual(plain);
      expect(JSON.parse(JSON.stringify(parse(written, { version: "1.1", maxAliasCount: 0 })))).toEqual(plain);
    }),
  );
});
