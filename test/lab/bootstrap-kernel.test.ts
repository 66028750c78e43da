import * as fc from "fast-check";
import { expect, test } from "vitest";
import { withKernelFor } from "../../lib/lab/bootstrap-kernel.ts";
import { imageDigest } from "../../lib/lab/image-digest.ts";
import { labOf, normalized } from "./lab-fixtures.ts";

const debian = { kind: "bootstrap", distribution: "debian", suite: "bookworm", packages: [] } as const;
const packages = fc.uniqueArray(
  fc.constantFrom("nginx", "curl", "linux-image-amd64", "linux-image-cloud-amd64", "linux-image-rt-amd64", "linux-image-cloud-amd64-"),
);

test("on KVM every recipe stays as it is, by its digest too", () => {
  fc.assert(
    fc.property(packages, (named) => {
      const source = { ...debian, packages: named };
      expect(withKernelFor("kvm", source)).toBe(source);
    }),
  );
  const { lab } = normalized(labOf({ web: {} }, { images: { base: { bootstrap: { suite: "bookworm" } } } }));
  expect(lab.images["base"]?.digest).toBe(imageDigest(debian));
});

test("on VirtualBox a Debian recipe has exactly the kernel it names, else the general one; twice is the same as once", () => {
  fc.assert(
    fc.property(packages, (named) => {
      const once = withKernelFor("virtualbox", { ...debian, packages: named });
      expect(withKernelFor("virtualbox", once)).toEqual(once);
      const all = once.kind === "bootstrap" ? once.packages : [];
      expect(all.slice(0, named.length)).toEqual(named);
      const names = named.some((name) => name === "linux-image-cloud-amd64" || name === "linux-image-cloud-amd64-");
      if (!names) expect(all).toContain("linux-image-cloud-amd64-");
      if (named.every((name) => !name.startsWith("linux-image-"))) expect(all).toContain("linux-image-amd64");
    }),
  );
});

test.each([
  { ...debian, distribution: "ubuntu", suite: "noble" } as const,
  { kind: "path", path: "./a.qcow2" } as const,
  { kind: "url", url: "https://a.test/b", sha256: "a".repeat(64) } as const,
])("$kind of anything but Debian stays as it is on VirtualBox", (source) => {
  expect(withKernelFor("virtualbox", source)).toBe(source);
});

test("a lab on VirtualBox has the image with the general kernel, and its lock keeps it", () => {
  const written = labOf(
    { web: {} },
    { hypervisor: "virtualbox", images: { base: { bootstrap: { suite: "bookworm", packages: ["nginx"] } } } },
  );
  const { lab, lock } = normalized(written);
  const expected = { ...debian, packages: ["nginx", "linux-image-amd64", "linux-image-cloud-amd64-"] };
  expect(lab.images["base"]).toMatchObject({ source: expected, digest: imageDigest(expected) });
  const kept = { ...lock, images: { base: { source: expected, digest: "c".repeat(64) } } };
  expect(normalized(written, { lock: kept }).lab.images["base"]?.digest).toBe("c".repeat(64));
});
