import { expect, test } from "vitest";
import { domainXml } from "../../../lib/hypervisor/kvm/domain-xml.ts";
import { networkXml } from "../../../lib/hypervisor/kvm/network-xml.ts";
import { diskVolumeXml, rawVolumeXml } from "../../../lib/hypervisor/kvm/volume-xml.ts";
import { networks, networkSpec, sandboxSpec, uuid } from "./specs.ts";

const lines = (xml: string): string => xml.replaceAll("><", ">\n<");

test("a network with NAT, reservations and records", () => {
  expect(lines(networkXml(networkSpec, uuid))).toMatchSnapshot();
});

test("an isolated network with nothing in it, and a bridge named after it", () => {
  const { bridge: _bridge, ...rest } = networkSpec;
  expect(lines(networkXml({ ...rest, mode: "isolated", reservations: [], records: [] }, uuid))).toMatchSnapshot();
});

test("a sandbox with everything, under KVM", () => {
  expect(lines(domainXml(sandboxSpec, uuid, networks))).toMatchSnapshot();
});

test("a sandbox with nothing, under emulation", () => {
  const { seed: _seed, ...rest } = sandboxSpec;
  expect(lines(domainXml({ ...rest, accelerator: "emulation", disks: [], nics: [] }, uuid, networks))).toMatchSnapshot();
});

test("the volumes of a disk with an image, of an empty one and of a seed", () => {
  expect(lines(diskVolumeXml("web.qcow2", 2 ** 30, `/var/lib/terrarium/images/${"a".repeat(64)}.qcow2`))).toMatchSnapshot("with an image");
  expect(lines(diskVolumeXml("web.data.qcow2", 2 ** 30))).toMatchSnapshot("empty");
  expect(lines(rawVolumeXml("web.iso", 374_784))).toMatchSnapshot("a seed");
});
