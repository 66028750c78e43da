import { boolean, closedObject, type Schema } from "../value.ts";
import { text, texts } from "./texts.ts";

export const aptSource: Schema = closedObject(
  {
    source: text(
      "The repository's line: `deb http://deb.example.test/debian bookworm main`, or `ppa:…`. `$RELEASE` and `$MIRROR` are filled in by cloud-init.",
    ),
    key: text("The key that signs it, armored."),
    keyId: text("Id of a key to fetch from `keyServer`."),
    keyServer: text("Where `keyId` is fetched. Default: keyserver.ubuntu.com."),
    fileName: text("Name of the file below /etc/apt/sources.list.d. Default: the source's own name."),
  },
  { title: "AptSource", description: "A package repository." },
);

export const apt: Schema = closedObject(
  {
    mirror: text("URI of the distribution's mirror. Default: what the image says."),
    securityMirror: text("URI of its security mirror."),
    sources: {
      description: "Further repositories, by name.",
      type: "object",
      additionalProperties: { $ref: "#/$defs/aptSource" },
      default: {},
    },
    sourcesList: text("The whole of /etc/apt/sources.list; `$MIRROR`, `$SECURITY` and `$RELEASE` are filled in."),
    disableSuites: texts("Suites to take out of sources.list: `updates`, `security`, `backports`, or their names."),
    preserveSourcesList: boolean({
      description:
        "Leaves the image's sources.list as it is. Default: true on Debian and wherever else the image says so, unless `mirror`, `securityMirror`, `sourcesList` or `disableSuites` is written.",
    }),
    config: text("Lines for APT's own configuration."),
  },
  { title: "Apt", description: "Package repositories of Debian and Ubuntu." },
);

export const yumRepository: Schema = closedObject(
  {
    baseUrl: text("Where its packages are."),
    name: text("What it is called. Default: its id."),
    gpgKey: text("URL of the key that signs it."),
    gpgCheck: boolean({ description: "Checks signatures.", default: true }),
    enabled: boolean({ description: "Is used.", default: true }),
  },
  { title: "YumRepository", description: "A package repository.", required: ["baseUrl"] },
);

export const yum: Schema = closedObject(
  { repos: { description: "Repositories, by id.", type: "object", additionalProperties: { $ref: "#/$defs/yumRepository" } } },
  { title: "Yum", description: "Package repositories of Fedora, CentOS and the like.", required: ["repos"] },
);

export const proxy: Schema = closedObject(
  {
    http: text("URL of the proxy for HTTP: `http://proxy.example.test:3128`."),
    https: text("URL of the proxy for HTTPS."),
    noProxy: texts("Names, domains and addresses that are reached directly."),
  },
  { title: "Proxy", description: "Proxy for apt, for login shells, and (from the next start on) for services of the guest." },
);
