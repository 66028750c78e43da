import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LanguageServer } from "./language-server.ts";

// A name beside a real lab: the modeline's path is relative to it.
const folder = new URL("../../../labfile/corpus/", import.meta.url);
const lab = readFileSync(new URL("web-tier.yaml", folder), "utf8");
const server = new LanguageServer();

beforeAll(() => server.start());
afterAll(() => server.stop());

/** Opens a changed copy of the lab and says where a piece of its text ends. */
async function open(name: string, text: string, after: string): Promise<{ uri: string; position: { line: number; character: number } }> {
  const uri = new URL(name, folder).href;
  await server.open(uri, text);
  const before = text.slice(0, text.indexOf(after) + after.length).split("\n");
  return { uri, position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 } };
}

test("a valid lab has no finding", async () => {
  expect(await server.open(new URL("valid.yaml", folder).href, lab)).toEqual([]);
});

test("completion offers the keys of a sandbox, with what they mean", async () => {
  const { uri, position } = await open("completion.yaml", `${lab}  new:\n    `, "  new:\n    ");
  const answer = await server.request("textDocument/completion", { textDocument: { uri }, position });
  const items = (answer as { items: { label: string; documentation?: unknown }[] }).items;
  const labels = items.map(({ label }) => label);
  for (const key of ["cpus", "memory", "networks", "cloudInit", "count", "protect"]) expect(labels).toContain(key);
  expect(JSON.stringify(items.find(({ label }) => label === "cpus")?.documentation)).toContain("Virtual CPUs.");
});

test("completion offers the values of a key that has few", async () => {
  const { uri, position } = await open("values.yaml", `${lab}  new:\n    ready: `, "  new:\n    ready: ");
  const answer = await server.request("textDocument/completion", { textDocument: { uri }, position });
  expect((answer as { items: { label: string }[] }).items.map(({ label }) => label)).toEqual(
    expect.arrayContaining(["cloudInit", "ssh", "none"]),
  );
});

test("hovering over memory shows its description", async () => {
  const { uri, position } = await open("hover.yaml", lab, "db: { mem");
  const hover = (await server.request("textDocument/hover", { textDocument: { uri }, position })) as { contents: unknown } | null;
  expect(JSON.stringify(hover?.contents)).toContain("Memory.");
});

test("a misspelt key is found where it stands", async () => {
  const text = lab.replace("db: { memory:", "db: { memroy:");
  const found = await server.open(new URL("misspelt.yaml", folder).href, text);
  const line = text.split("\n").findIndex((candidate) => candidate.includes("memroy"));
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ message: expect.stringContaining("memroy") as string, range: { start: { line } } });
});

test("the server connects to nothing and misses nothing", () => {
  expect(server.log.join("\n")).not.toMatch(/CONNECT|Unable to load/);
});
