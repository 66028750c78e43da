import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readCloudConfig } from "../../../../lib/cloud-init/read-cloud-config.ts";
import { writeYaml } from "../../../../lib/cloud-init/yaml-1-1.ts";
import { askPython } from "./cloud-init.ts";

test("PyYAML reads every value as it was meant", () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "binary" }).filter((candidate) => !/\p{Surrogate}/u.test(candidate)),
  );
  const value = fc.dictionary(fc.string({ maxLength: 30 }), fc.oneof(text, fc.array(text), fc.jsonValue()), { maxKeys: 8 });
  const values = fc.sample(value, { numRuns: 500, seed: 1 });
  const plain = JSON.parse(JSON.stringify(values)) as unknown;
  expect(askPython("read_yaml.py", values.map(writeYaml))).toEqual(plain);
});

test.each([
  "no",
  "0644",
  "1:30",
  "52:54:00",
  "~",
  "<<",
  "=",
  "2001-12-14",
  "1e3",
  "0x10",
  "- a",
  "#x",
  "&a",
  "*a",
  "!a",
  "%a",
  "@a",
  "`a",
  "'",
  '"',
  ".inf",
])("PyYAML reads %j as the text it is, also as a key", (text) => {
  expect(askPython("read_yaml.py", [writeYaml({ [text]: [text] })])).toEqual([{ [text]: [text] }]);
});

test("what users write is read as PyYAML reads it", () => {
  const text =
    "#cloud-config\nmode: 0644\non: yes\nmac: 52:54\nbase: &b {a: 1}\nmerged: {<<: *b, c: off}\ntwice: 1\ntwice: 2\nblock: |\n  a\n  b\n";
  const read = readCloudConfig(text);
  expect([(read as { value: unknown }).value]).toEqual(askPython("read_yaml.py", [text]));
});
