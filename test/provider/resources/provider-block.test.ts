import { expect, test } from "vitest";
import { unknown } from "../../../lib/provider/framework/value.ts";
import { makeClient } from "../../../lib/provider/resources/provider-block.ts";

const block = { hypervisor: null, uri: null, lab: "demo", deployment: "d1", host: null, accelerator: null };

test.each([
  [{}, "kvm"],
  [{ HYPERVISOR: "" }, "kvm"],
  [{ HYPERVISOR: "kvm" }, "kvm"],
  [{ HYPERVISOR: "vbox" }, "virtualbox"],
])("with the environment %j the hypervisor is %s, without touching a host", (env, hypervisor) => {
  expect(makeClient(block, env).rules?.capabilities.hypervisor).toBe(hypervisor);
});

test("the block's word counts more than the environment's, and a wrong one of that is an error only where it counts", () => {
  expect(makeClient({ ...block, hypervisor: "memory" }, { HYPERVISOR: "xen" }).rules?.capabilities.hypervisor).toBe("memory");
  expect(() => makeClient(block, { HYPERVISOR: "xen" })).toThrow(/HYPERVISOR asks for "xen", expected "kvm" or "vbox"/);
});

test("what a first plan does not know yet keeps it from the host, and from nothing else", async () => {
  const client = makeClient({ ...block, hypervisor: "memory", deployment: unknown }, {});
  expect(client).toMatchObject({ lab: "demo", deployment: undefined, canOpen: true });
  expect(makeClient({ ...block, uri: unknown }, {})).toMatchObject({ canOpen: false, rules: { capabilities: { hypervisor: "kvm" } } });
  expect(makeClient({ ...block, hypervisor: unknown }, {})).toMatchObject({ canOpen: false, rules: undefined });
});

test("a memory host's file is named by a URI, anything else is an error that says how", () => {
  expect(() => makeClient({ ...block, hypervisor: "memory", uri: "qemu:///system" }, {})).toThrow(
    /HOST_URI_INVALID.*file:\/\/\/tmp\/host.json/,
  );
});

test("a host is opened once, and again where that failed", async () => {
  const client = makeClient({ ...block, hypervisor: "memory" }, {});
  const [one, other] = await Promise.all([client.open(), client.open()]);
  expect(one).toBe(other);
  const wrong = makeClient({ ...block, uri: "http://example.test" }, {});
  await expect(wrong.open()).rejects.toThrow("HOST_URI_INVALID");
  await expect(wrong.open()).rejects.toThrow("HOST_URI_INVALID");
});

test("relative paths start where Terraform works", () => {
  expect(makeClient(block, {}, "/lab").fileAt("images/a.qcow2")).toBe("/lab/images/a.qcow2");
  expect(makeClient(block, {}, "/lab").fileAt("/a.qcow2")).toBe("/a.qcow2");
});
