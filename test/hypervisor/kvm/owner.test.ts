import fc from "fast-check";
import { expect, test } from "vitest";
import { append, element, serialize, xmlText } from "../../../lib/hypervisor/kvm/element.ts";
import { bareOwnerElement, ownerElement, readOwner, replaceOwner } from "../../../lib/hypervisor/kvm/owner.ts";
import { children, descend, parseXml } from "../../../lib/hypervisor/kvm/xml.ts";
import { owner } from "./specs.ts";

/** Text that XML can hold: any but control characters and halves of surrogate pairs. */
const text = fc.string({ unit: "binary" }).filter((value) => !/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(value));

test("an owner is read back as it was written, whatever its names and labels hold", () => {
  const property = fc.property(text, text, fc.dictionary(text, text), (lab, name, labels) => {
    const wanted = { ...owner, lab, name, labels };
    const object = parseXml(xmlText(element("domain", {}, [element("metadata", {}, [ownerElement(wanted)])])));
    expect(readOwner(object)).toEqual(wanted);
    replaceOwner(object, { ...owner, labels: { other: "x" } });
    expect(readOwner(object)?.labels).toEqual({ other: "x" });
    expect(descend(object, "metadata")?.childNodes).toHaveLength(1);
  });
  fc.assert(property, { numRuns: 300 });
});

test("what others keep in the metadata stays when the owner is replaced", () => {
  const object = parseXml("<domain><metadata><o:app xmlns:o='urn:other'><o:x a='1'>y</o:x></o:app></metadata></domain>");
  replaceOwner(object, owner);
  replaceOwner(object, { ...owner, name: "db" });
  expect(readOwner(object)?.name).toBe("db");
  expect(children(descend(object, "metadata"), "o:app")).toHaveLength(1);
  expect(serialize(object)).toContain('<o:x a="1">y</o:x>');
});

test("an object without metadata gets some", () => {
  const object = parseXml("<network><name>n</name></network>");
  replaceOwner(object, owner);
  expect(readOwner(parseXml(serialize(object)))).toEqual(owner);
});

test("for `virsh metadata` the element has no namespace of its own: libvirt puts it in", () => {
  expect(xmlText(bareOwnerElement({ ...owner, labels: { b: "2", a: "1 < 2" } }))).toBe(
    '<terrarium deployment="5f3a" lab="shop" name="web" provider="terrarium"><label key="a">1 &lt; 2</label><label key="b">2</label></terrarium>',
  );
});

test.each(["a\u0000b", "\u0001", "\u001b[31m", "\ufffe", "\ud800"])("%j is refused, since XML cannot hold it", (bad) => {
  for (const labels of [{ key: bad }, { [bad]: "value" }]) {
    expect(() => xmlText(ownerElement({ ...owner, labels }))).toThrow(/DEFINITION_REFUSED: .*which libvirt's XML cannot hold/);
  }
});

test("an element is put at the end of a parsed one, and text is escaped in it", () => {
  const parent = parseXml("<a><b/></a>");
  append(parent, element("c", { d: '"&', e: undefined, f: 0 }, ["<x>]]>", undefined]));
  expect(serialize(parent)).toBe('<a><b/><c d="&quot;&amp;" f="0">&lt;x&gt;]]&gt;</c></a>');
});
