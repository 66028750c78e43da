import { expect, test } from "vitest";
import { checkWritten } from "../../lib/lab/check-written.ts";
import { formOf } from "../../lib/lab/written/explain-text.ts";
import { lab } from "../../schemas/lab/lab.ts";

/** A lab with one sandbox that says this. */
function sandbox(settings: object): unknown {
  return { lab: "demo", sandboxes: { web: settings } };
}

test("a lab that fits the schema has no faults", () => {
  expect(checkWritten({ lab: "demo", sandboxes: { web: { image: "debian-12", memory: "2GiB", cpus: 2, networks: ["front"] } } })).toEqual(
    [],
  );
});

test("every fault is told, each once and with its path", () => {
  const faults = checkWritten({ lab: "Demo", networks: { front: { mode: "bridge" } }, sandboxes: { web: { memory: 2048, cpus: 0 } } });
  expect(faults.map(({ code, path }) => [code, path?.join(".")])).toEqual([
    ["BAD_NAME", "lab"],
    ["NOT_ALLOWED_VALUE", "networks.front.mode"],
    ["BAD_SIZE", "sandboxes.web.memory"],
    ["OUT_OF_RANGE", "sandboxes.web.cpus"],
  ]);
});

test.each([
  [
    "a number for a memory size",
    { memory: 2048 },
    "BAD_SIZE",
    "expected a size with a unit, found the number 2048",
    'Write the unit: "2048MiB".',
  ],
  [
    "a small number for a disk size",
    { disk: 20 },
    "BAD_SIZE",
    "expected a size with a unit, found the number 20",
    'Write the unit: "20GiB".',
  ],
  ["a decimal unit", { memory: "2GB" }, "BAD_SIZE", 'expected a size with a unit, found the text "2GB"', 'Did you mean "2GiB"?'],
  ["a number in quotes", { memory: "512" }, "BAD_SIZE", 'expected a size with a unit, found the text "512"', 'Did you mean "512MiB"?'],
  [
    "words for a size",
    { memory: "much" },
    "BAD_SIZE",
    'expected a size with a unit, found the text "much"',
    "Write it like 512MiB or 2GiB.",
  ],
  [
    "a number for a duration",
    { timeouts: { ready: 90 } },
    "BAD_DURATION",
    "expected a duration with a unit, found the number 90",
    'Write the unit: "90s".',
  ],
  [
    "a spelt-out duration",
    { timeouts: { ready: "5 minutes" } },
    "BAD_DURATION",
    'expected a duration with a unit, found the text "5 minutes"',
    'Did you mean "5m"?',
  ],
  [
    "an underscore in a name",
    { image: "my_image" },
    "BAD_NAME",
    'expected a name of lower-case letters, digits and hyphens, at most 63, with no hyphen at either end, found "my_image"',
    'Write "my-image", for example.',
  ],
  [
    "yes for a boolean",
    { protect: "yes" },
    "WRONG_TYPE",
    'expected true or false, found the text "yes"',
    "Write true: yes, no, on and off are text in YAML 1.2.",
  ],
  ["a number for a text", { labels: { tier: 5 } }, "WRONG_TYPE", "expected text, found the number 5", 'Put it in quotes: "5".'],
  [
    "a text for a number",
    { cpus: "2" },
    "WRONG_TYPE",
    'expected a whole number from 1 to 288, found the text "2"',
    "Leave out the quotes: 2.",
  ],
  [
    "a fraction for a whole number",
    { cpus: 1.5 },
    "WRONG_TYPE",
    "expected a whole number from 1 to 288, found the number 1.5",
    "Write a whole number from 1 to 288 here.",
  ],
  ["a number beyond its range", { cpus: 1000 }, "OUT_OF_RANGE", "expected a whole number from 1 to 288, found 1000", "Choose at most 288."],
  ["a text for a list", { networks: "front" }, "WRONG_TYPE", 'expected a list, found the text "front"', 'Write a list: ["front"].'],
  [
    "an empty list of networks",
    { networks: [] },
    "OUT_OF_RANGE",
    "expected a list with at least one item, found an empty one",
    "Put something into it, or leave the key out.",
  ],
  [
    "nothing for a map",
    { cloudInit: null },
    "WRONG_TYPE",
    "expected a map, found nothing",
    "Write {} for a map with nothing in it, or leave the key out.",
  ],
  [
    "a value in other case",
    { ready: "CloudInit" },
    "NOT_ALLOWED_VALUE",
    'expected "cloudInit", "ssh", "address" or "none", found the text "CloudInit"',
    'Write "cloudInit".',
  ],
  ["a misspelt key", { memroy: "2GiB" }, "UNKNOWN_KEY", 'found the unknown key "memroy" in sandboxes.web', 'Did you mean "memory"?'],
  [
    "a key in another style",
    { ssh_keys: [] },
    "UNKNOWN_KEY",
    'found the unknown key "ssh_keys" in sandboxes.web',
    'Did you mean "sshKeys"?',
  ],
  [
    "a key that is there already",
    { cpus: 1, cpu: 1 },
    "UNKNOWN_KEY",
    'found the unknown key "cpu" in sandboxes.web',
    'Did you mean "cpus"? That key is there already.',
  ],
  ["a missing key", { disks: [{}] }, "MISSING_KEY", 'expected the key "size" in sandboxes.web.disks.0', "Add size: …"],
  [
    "a misspelt key that is needed",
    { disks: [{ sise: "1GiB" }] },
    "UNKNOWN_KEY",
    'found the unknown key "sise" in sandboxes.web.disks.0',
    'Did you mean "size"?',
  ],
  [
    "count with forEach",
    { count: 2, forEach: ["a"] },
    "CONFLICTING_KEYS",
    'expected only one of "count" and "forEach" in sandboxes.web, found both',
    "Keep one of them.",
  ],
  ["the same item twice", { forEach: ["a", "a"] }, "DUPLICATE_ITEM", 'found "a" twice in the list', "Remove one."],
  [
    "two kinds of probe in one",
    { probes: [{ tcp: 80, http: {} }] },
    "CONFLICTING_KEYS",
    'expected only one of "tcp" and "http" in sandboxes.web.probes.0, found both',
    "Keep one of them.",
  ],
  [
    "an unknown probe",
    { probes: [{ https: {} }] },
    "UNKNOWN_KEY",
    'found the unknown key "https" in sandboxes.web.probes.0',
    'Did you mean "http"?',
  ],
  [
    "an empty probe",
    { probes: [{}] },
    "MISSING_KEY",
    'expected "tcp", "http" or "exec" in sandboxes.web.probes.0, found an empty map',
    "Add one of them.",
  ],
  [
    "a fault inside a probe",
    { probes: [{ http: { port: 0 } }] },
    "OUT_OF_RANGE",
    "expected a whole number from 1 to 65535, found 0",
    "Choose at least 1.",
  ],
  [
    "a number as a command",
    { cloudInit: { runCmd: [5] } },
    "WRONG_TYPE",
    "expected text or a list, found the number 5",
    'Put it in quotes: "5".',
  ],
  ["an empty text", { user: "" }, "BAD_FORMAT", "expected text, found an empty text", "Write something, or leave the key out."],
])("%s is one fault with its remedy", (_, settings, code, summary, nextStep) => {
  expect(checkWritten(sandbox(settings))).toMatchObject([{ code, severity: "error", summary, nextStep }]);
});

test("an image takes exactly one source", () => {
  const images = { none: {}, both: { path: "./x", bootstrap: { suite: "trixie" } }, half: { url: "https://images.test/x" } };
  expect(checkWritten({ lab: "demo", images, sandboxes: {} }).map(({ code, summary }) => `${code} ${summary}`)).toEqual([
    'MISSING_KEY expected "path", "url" with "sha256" or "bootstrap" in images.none',
    'CONFLICTING_KEYS expected only one of "path" and "bootstrap" in images.both, found both',
    'MISSING_KEY expected "sha256" beside "url" in images.half',
  ]);
});

test("a badly formed name is told at the name, with its map still checked", () => {
  expect(checkWritten({ lab: "demo", sandboxes: { Web: { cpus: 0 } } }).map(({ code, path }) => [code, path])).toEqual([
    ["BAD_NAME", ["sandboxes", "Web"]],
    ["OUT_OF_RANGE", ["sandboxes", "Web", "cpus"]],
  ]);
});

test.each([[null], [5], ["lab"], [[]], [undefined]])("%j is no lab", (value) => {
  expect(checkWritten(value)).toMatchObject([{ code: "WRONG_TYPE", path: [] }]);
});

test("keys that every object has are unknown keys like others", () => {
  const faults = checkWritten(sandbox(JSON.parse('{"constructor": 1, "toString": 2}') as object));
  expect(faults.map(({ code, path }) => [code, path?.at(-1)])).toEqual([
    ["UNKNOWN_KEY", "constructor"],
    ["UNKNOWN_KEY", "toString"],
  ]);
});

test("every pattern of the schema is explained in words", () => {
  const patterns = new Set<string>();
  JSON.stringify(lab, (key, value: unknown) => {
    if (key === "pattern" && typeof value === "string") patterns.add(value);
    return value;
  });
  const titled = new Set(["Size", "Duration", "Name"].flatMap((title) => patternsOf(title)));
  const reference = "^\\$\\{(var|each):[A-Za-z_][A-Za-z0-9_]*\\}$";
  expect([...patterns].filter((pattern) => pattern !== reference && !titled.has(pattern) && formOf(pattern) === undefined)).toEqual([]);
});

function patternsOf(title: string): string[] {
  const definitions = Object.values(lab["$defs"] as Record<string, Record<string, unknown>>);
  return definitions.filter((definition) => definition["title"] === title).map((definition) => String(definition["pattern"]));
}

test("of very many unknown keys in one map the first are told, and how many there are", () => {
  const faults = checkWritten(sandbox(Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key${index}`, 1]))));
  expect(faults).toHaveLength(20);
  expect(faults.at(-1)?.detail).toBe("9980 more keys here are unknown.");
});
