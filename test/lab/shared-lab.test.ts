import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "../../lib/lab/canonical-json.ts";
import { instanceIdOf, seedFileName, seedIdentity } from "../../lib/lab/seed-identity.ts";
import { sharedLab, withSeedContent } from "../../lib/lab/shared-lab.ts";
import type { WrittenSandbox } from "../../lib/lab/written-lab.ts";
import { labOf, normalized } from "./lab-fixtures.ts";

/** Of a length that no other text of a lab has by chance. */
const content = fc.stringMatching(/^[a-z]{12,20}$/);

const labs = fc.record({ runCmd: content, file: content, userData: content, password: content, key: content, backend: content });

const written = ({
  runCmd,
  file,
  userData,
  password,
  key,
  backend,
}: Record<"runCmd" | "file" | "userData" | "password" | "key" | "backend", string>) => {
  const web: WrittenSandbox = {
    sshKeys: [`ssh-ed25519 AAAA${key}`],
    probes: [{ tcp: 80 }],
    cloudInit: {
      packages: ["nginx"],
      runCmd: [runCmd],
      writeFiles: [{ path: "/etc/token", content: file }],
      userData: `#cloud-config\nbootcmd: [${userData}]\n`,
      networkConfig: { version: 2, ethernets: { all: { auth: { password } } } },
    },
  };
  return labOf({ web, plain: {} }, { backend: { s3: { bucket: backend } } });
};

test("the copy for a team has nothing of what cloud-init is told, and not where the state is", () => {
  fc.assert(
    fc.property(labs, (texts) => {
      const copy = canonicalJson(sharedLab(normalized(written(texts)).lab));
      for (const text of Object.values(texts)) expect(copy).not.toContain(text);
    }),
  );
});

test("addresses, probes, labels and the names of seeds are in it", () => {
  fc.assert(
    fc.property(labs, (texts) => {
      const { lab } = normalized(written(texts));
      const copy = JSON.parse(canonicalJson(sharedLab(lab))) as typeof lab;
      for (const [name, sandbox] of Object.entries(lab.sandboxes)) {
        const same = copy.sandboxes[name];
        if (!same) throw new Error(`The copy lacks ${name}`);
        expect(same.nics).toEqual(sandbox.nics);
        expect(same.probes).toEqual(sandbox.probes);
        const [ours, theirs] = [seedIdentity(lab, sandbox), seedIdentity(copy, same)];
        expect(seedFileName(same, theirs)).toBe(seedFileName(sandbox, ours));
        expect(instanceIdOf(copy, same, theirs)).toBe(instanceIdOf(lab, sandbox, ours));
      }
    }),
  );
});

const texts = { runCmd: "one", file: "two", userData: "three", password: "four", key: "five", backend: "six" };

test("what cloud-init was told is taken from a lab at hand that tells it the same, and from no other", () => {
  const { lab } = normalized(written(texts));
  const { lab: other } = normalized(written({ ...texts, runCmd: "another" }));
  const copy = sharedLab(lab);
  expect(withSeedContent(copy, [other]).sandboxes["web"]?.cloudInit.runCmd).toEqual([]);
  expect(withSeedContent(copy, [other, lab]).sandboxes["web"]).toMatchObject({
    cloudInit: lab.sandboxes["web"]?.cloudInit,
    sshKeys: lab.sandboxes["web"]?.sshKeys,
  });
});
