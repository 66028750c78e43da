import { expect, test } from "vitest";
import { attribute } from "../../../lib/provider/framework/attribute.ts";
import { checkApplied } from "../../../lib/provider/framework/check/applied.ts";
import { checkPlanned } from "../../../lib/provider/framework/check/planned.ts";
import { checkSchemas } from "../../../lib/provider/framework/check/schema.ts";
import { equalValues } from "../../../lib/provider/framework/equal.ts";
import type { Row } from "../../../lib/provider/framework/schema-type.ts";
import { Dynamic, unknown, type Value } from "../../../lib/provider/framework/value.ts";
import { emptyBench, workbenchProvider } from "../../fixtures/provider/workbench.ts";

const schema = {
  plain: attribute.string({ optional: true, description: "x" }),
  chosen: attribute.string({ optional: true, computed: true, description: "x" }),
  hidden: attribute.string({ optional: true, writeOnly: true, description: "x" }),
  list: attribute.list({ a: attribute.string({ optional: true, description: "x" }) }, { optional: true, description: "x" }),
  map: attribute.map({ a: attribute.string({ optional: true, description: "x" }) }, { optional: true, description: "x" }),
  words: attribute.set("string", { optional: true, description: "x" }),
};
const row = (values: Row): Row => ({ plain: null, chosen: null, hidden: null, list: null, map: null, words: null, ...values });

test.each<[string, Row, Row, Row | null, string[][]]>([
  ["a value where the user wrote none", { plain: "x" }, {}, null, [["plain"]]],
  ["a computed value where the user wrote none", { chosen: "x" }, {}, null, []],
  ["another value than the user's", { chosen: "x" }, { chosen: "y" }, null, [["chosen"]]],
  ["the prior value", { plain: "x" }, { plain: "X" }, row({ plain: "x" }), []],
  ["null for the user's value", {}, { plain: "x" }, null, [["plain"]]],
  ["unknown for the user's value", { plain: unknown }, { plain: "x" }, null, [["plain"]]],
  ["a value before the user's is known", { plain: "x" }, { plain: unknown }, null, [["plain"]]],
  ["a write-only value", { hidden: "x" }, { hidden: "x" }, null, [["hidden"]]],
  ["fewer elements", { list: [] }, { list: [{ a: "x" }] }, null, [["list"]]],
  ["another nested value", { list: [{ a: "y" }] }, { list: [{ a: "x" }] }, null, [["list", "0", "a"]]],
  ["another key", { map: { p: { a: "x" } } }, { map: { q: { a: "x" } } }, null, [["map", "q"]]],
  ["null for an element", { map: { q: null } }, { map: { q: { a: "x" } } }, null, [["map", "q"]]],
  ["a set in another order", { words: ["a", "b"] }, { words: ["b", "a"] }, null, []],
])("planning %s is judged as Core does", (_, planned, config, prior, paths) => {
  const found = checkPlanned(schema, prior, row(config), row(planned));
  expect(found.map(({ path }) => path?.map(String))).toEqual(paths);
});

test.each<[string, Row, Row, string[][]]>([
  ["what was planned", { plain: "x", words: ["a", "b"] }, { plain: "x", words: ["b", "a"] }, []],
  ["anything for unknown", { chosen: unknown }, { chosen: "x" }, []],
  ["another value", { plain: "x" }, { plain: "y" }, [["plain"]]],
  ["still unknown", { chosen: unknown }, { chosen: unknown }, [["chosen"]]],
  ["a value for null", {}, { plain: "y" }, [["plain"]]],
  ["null for a value", { plain: "x" }, {}, [["plain"]]],
  ["one more element", { list: [] }, { list: [{ a: null }] }, [["list", "0"]]],
  ["a lost key", { map: { a: { a: "x" } } }, { map: {} }, [["map", "a"]]],
  ["another element of a set", { words: ["a"] }, { words: ["b"] }, [["words"]]],
])("applying %s is judged as Core does", (_, planned, actual, paths) => {
  expect(checkApplied(schema, row(planned), row(actual)).map(({ path }) => path?.map(String))).toEqual(paths);
});

test("a schema that Terraform would refuse, or not even check, is refused with all its mistakes", () => {
  const good = workbenchProvider(emptyBench());
  expect(() => checkSchemas(good)).not.toThrow();
  const bad = {
    count: attribute.string({ optional: true, description: "x" }),
    Upper: attribute.string({ optional: true, description: "x" }),
    nothing: attribute.string({ description: "x" }),
    both: attribute.string({ required: true, computed: true, description: "x" }),
    silent: attribute.string({ optional: true, description: " " }),
    secret: attribute.string({ computed: true, writeOnly: true, description: "x" }),
    set: attribute.set(
      { a: attribute.string({ optional: true, writeOnly: true, description: "x" }) },
      { optional: true, description: "x" },
    ),
  };
  const [resource] = good.resources;
  if (!resource) throw new Error("no resource");
  const provider = { ...good, address: "bench", resources: [resource, { ...resource, schema: bad }] };
  expect(() => checkSchemas(provider)).toThrowErrorMatchingInlineSnapshot(`
    [Error: the provider's schema is not one that Terraform takes:
    "bench" is no HOST/NAMESPACE/TYPE
    resource bench_thing: declared twice
    resource bench_thing.Upper: not a name of small letters, digits and underscores
    resource bench_thing.nothing: neither required, optional nor computed
    resource bench_thing.both: required excludes optional, computed and a default
    resource bench_thing.silent: no description
    resource bench_thing.secret: what is write-only cannot be computed, nor have a default
    resource bench_thing.set.a: nothing write-only can be in a set
    resource bench_thing: "count" is a word of Terraform]
  `);
});

test.each<[Parameters<typeof equalValues>[0], Value, Value, boolean]>([
  ["number", 0.5, 0.5, true],
  ["dynamic", new Dynamic("string", "a"), new Dynamic("string", "a"), true],
  [
    "dynamic",
    new Dynamic(["object", { a: "string", b: "bool" }], { a: "x", b: true }),
    new Dynamic(["object", { b: "bool", a: "string" }], { a: "x", b: true }),
    true,
  ],
  ["dynamic", new Dynamic(["tuple", ["string"]], ["a"]), new Dynamic(["list", "string"], ["a"]), false],
  [["list", "string"], ["a", "b"], ["b", "a"], false],
  [["set", "string"], ["a", "b"], ["b", "a"], true],
  [["set", "string"], ["a", "a"], ["b", "a"], false],
  [["map", "string"], { a: "x" }, { b: "x" }, false],
  ["string", unknown, "a", false],
  ["string", unknown, unknown, true],
])("values of %j %j and %j are told apart as Terraform does", (type, one, other, same) => {
  expect(equalValues(type, one, other)).toBe(same);
  expect(equalValues(type, other, one)).toBe(same);
});
