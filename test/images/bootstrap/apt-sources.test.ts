import { expect, test } from "vitest";
import {
  mirrorSources,
  parseDeb822Sources,
  parseSourcesList,
  sourceLine,
  sourcesOfSuite,
} from "../../../lib/images/bootstrap/apt-sources.ts";
import { selectAptOptions } from "../../../lib/images/bootstrap/machine-apt.ts";
import { bootstrapRecipe } from "../../../lib/images/bootstrap-recipe.ts";

const deb822 = `# a comment
Types: deb deb-src
# another, inside a stanza
URIs: http://archive.test/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: https://vendor.test/apt
Suites: bookworm
Components: stable
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBFit
 -----END PGP PUBLIC KEY BLOCK-----

Enabled: no
Types: deb
URIs: http://disabled.test
Suites: bookworm
Components: main
`;

test("a deb822 file gives one source per address and suite", () => {
  const signedBy = "/usr/share/keyrings/debian-archive-keyring.gpg";
  const components = ["main", "contrib"];
  expect(parseDeb822Sources(deb822)).toEqual([
    { uri: "http://archive.test/debian", suite: "bookworm", components, signedBy },
    { uri: "http://archive.test/debian", suite: "bookworm-updates", components, signedBy },
    { uri: "https://vendor.test/apt", suite: "bookworm", components: ["stable"], signedBy: undefined },
  ]);
});

test("a sources.list gives its binary sources, without comments", () => {
  const text = `# deb http://commented.test x main
deb [arch=amd64 signed-by=/k.gpg] http://a.test/debian bookworm main # why
deb-src http://a.test/debian bookworm main
deb http://security.test bookworm-security main contrib
`;
  expect(parseSourcesList(text)).toEqual([
    { uri: "http://a.test/debian", suite: "bookworm", components: ["main"], signedBy: "/k.gpg" },
    { uri: "http://security.test", suite: "bookworm-security", components: ["main", "contrib"], signedBy: undefined },
  ]);
});

test("of the machine's sources only the distribution's archive of that suite is used", () => {
  const uris = sourcesOfSuite(parseDeb822Sources(deb822), "bookworm").map(({ uri, suite }) => `${uri} ${suite}`);
  expect(uris).toEqual(["http://archive.test/debian bookworm", "http://archive.test/debian bookworm-updates"]);
});

test("a machine of another suite gives no sources", () => {
  expect(sourcesOfSuite(parseDeb822Sources(deb822), "trixie")).toEqual([]);
});

test("a recipe's mirror is its only source", () => {
  const recipe = bootstrapRecipe({
    kind: "bootstrap",
    distribution: "ubuntu",
    suite: "noble",
    packages: [],
    mirror: "http://m.test/ubuntu/",
  });
  expect(mirrorSources(recipe).map(sourceLine)).toEqual(["deb http://m.test/ubuntu noble main universe"]);
});

test("what decides how an archive is reached is passed on, nothing else of apt's configuration", () => {
  const dump = `Acquire::http::Proxy "http://proxy.test:3128";
Acquire::https::CaInfo "/etc/ssl/own.pem";
Acquire::Check-Valid-Until "false";
Acquire::Languages "";
Acquire::AllowInsecureRepositories "1";
DPkg::Pre-Invoke:: "rm -rf /";
`;
  expect(selectAptOptions(dump)).toEqual([
    'Acquire::http::Proxy "http://proxy.test:3128";',
    'Acquire::https::CaInfo "/etc/ssl/own.pem";',
    'Acquire::Check-Valid-Until "false";',
  ]);
});
