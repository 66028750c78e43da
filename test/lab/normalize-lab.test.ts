import { expect, test } from "vitest";
import { normalizeLab } from "../../lib/lab/normalize-lab.ts";
import { Size } from "../../lib/units/size.ts";
import { labOf, normalized, said } from "./lab-fixtures.ts";

test("the least that a lab can say has every default explicit", () => {
  const { lab } = normalized(labOf({ web: {} }));
  const { nics, ...web } = lab.sandboxes["web"] ?? { nics: [] };
  expect(web).toEqual({
    name: "web",
    writtenAs: "web",
    host: "local",
    image: "base",
    cpus: 1,
    memory: Size.gibibytes(1).bytes,
    disk: Size.gibibytes(10).bytes,
    disks: [],
    user: "admin",
    sshKeys: [],
    labels: {},
    autostart: false,
    ready: "cloudInit",
    probes: [],
    timeouts: { shutdown: 60_000 },
    protect: false,
    seed: "nocloud",
    cloudInit: { packages: [], runCmd: [], writeFiles: [] },
    overrides: {},
  });
  expect(nics).toMatchObject([{ network: "web", name: "net0", prefix: 29, addressing: "dhcp", domain: "web.test.test" }]);
  expect(lab).toMatchObject({
    format: 1,
    name: "test",
    hypervisor: "kvm",
    provider: "libvirt",
    hosts: { local: { name: "local", inUse: true } },
  });
});

test("details of disks, probes and files have their defaults, too", () => {
  const { lab } = normalized(
    labOf({
      web: {
        disks: [{ size: "1GiB" }, { name: "data", size: "1.5GiB" }],
        probes: [{ tcp: 22 }, { http: {} }, { exec: "true" }],
        cloudInit: { writeFiles: [{ path: "/a", content: "x" }], networkConfig: { version: 2 } },
      },
    }),
  );
  expect(lab.sandboxes["web"]).toMatchObject({
    disks: [
      { name: "disk1", size: Size.gibibytes(1).bytes },
      { name: "data", size: Size.mebibytes(1536).bytes },
    ],
    probes: [{ tcp: 22 }, { http: { port: 80, path: "/", status: 200 } }, { exec: "true" }],
    cloudInit: {
      writeFiles: [{ path: "/a", content: "x", permissions: "0644", owner: "root:root", append: false, defer: false }],
      networkConfig: { version: 2 },
    },
  });
});

test("all problems are told at once, each at its place", () => {
  const written = labOf(
    {
      web: { image: "debain", networks: ["frnt", { name: "back", ip: "10.9.0.1" }], host: "alhpa" },
      db: { disk: "1GiB", profiles: "big" },
    },
    {
      hosts: { alpha: { uri: "embedded" } },
      networks: { front: {}, back: { cidr: "10.9.0.0/24" } },
      images: { base: { url: "http://a/b", sha256: "0".repeat(64), size: "2GiB" } },
    },
  );
  expect(said(written).sort()).toEqual([
    "ADDRESS_NOT_ASSIGNABLE sandboxes.web.networks.1.ip",
    "DISK_SMALLER_THAN_IMAGE sandboxes.db.disk",
    "UNKNOWN_HOST sandboxes.web.host",
    "UNKNOWN_IMAGE sandboxes.web.image",
    "UNKNOWN_NETWORK sandboxes.web.networks.0",
    "UNKNOWN_PROFILE sandboxes.db.profiles",
  ]);
});

test("a name that is not declared is told with the one that was meant", () => {
  expect(normalizeLab(labOf({ web: { networks: [{ name: "frnt" }] } }, { networks: { front: {} } })).diagnostics).toMatchObject([
    {
      code: "UNKNOWN_NETWORK",
      path: ["sandboxes", "web", "networks", 0, "name"],
      summary: 'sandbox "web" uses network "frnt", which is not declared',
      nextStep: 'Did you mean "front"?',
    },
  ]);
});

test("a reference in defaults is told where it stands", () => {
  expect(said(labOf({ a: {}, b: {} }, { defaults: { image: "bsae" } }))).toEqual([
    "UNKNOWN_IMAGE defaults.image",
    "UNKNOWN_IMAGE defaults.image",
  ]);
});

test("a sandbox needs an image", () => {
  expect(said(labOf({ web: {} }, { defaults: {} }))).toEqual(["NO_IMAGE sandboxes.web"]);
});

test("constructor is a name like any other", () => {
  const { lab, lock } = normalized(labOf({ constructor: {} }));
  expect(Object.keys(lab.networks)).toEqual(["local/constructor"]);
  expect(normalized(labOf({ a: {}, constructor: {} }), { lock }).lock.sandboxes).toMatchObject(lock.sandboxes);
});

test("labels and overrides are in order, so that the order in the file makes no difference", () => {
  const { lab } = normalized(labOf({ web: { labels: { b: "1", a: "2" }, overrides: { y: 1, x: { z: 1 } } } }));
  expect(JSON.stringify(lab.sandboxes["web"]?.labels)).toBe('{"a":"2","b":"1"}');
  expect(JSON.stringify(lab.sandboxes["web"]?.overrides)).toBe('{"x":{"z":1},"y":1}');
});

test("the backend is passed through", () => {
  const backend = { s3: { bucket: "x" } };
  expect(normalized(labOf({}, { backend })).lab.backend).toEqual(backend);
});
