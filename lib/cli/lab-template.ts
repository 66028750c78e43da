/** A release that sandboxes can be made from: name of the image, and the suite of the distribution's packages. */
export interface Release {
  readonly image: string;
  readonly distribution: "debian" | "ubuntu";
  readonly suite: string;
}

/** What `init` offers, the default first. */
export const releases: readonly [Release, ...Release[]] = [
  { image: "debian-12", distribution: "debian", suite: "bookworm" },
  { image: "debian-13", distribution: "debian", suite: "trixie" },
  { image: "ubuntu-24.04", distribution: "ubuntu", suite: "noble" },
  { image: "ubuntu-22.04", distribution: "ubuntu", suite: "jammy" },
];

export interface LabTemplate {
  readonly name: string;
  readonly release: Release;
  /** How many sandboxes, at least 1. */
  readonly count: number;
  /** Path of the JSON Schema, relative to the lab file. */
  readonly schema: string;
}

/** The first lab file of a user: it works as it is, and its comments show what comes next. */
export function labTemplate({ name, release, count, schema }: LabTemplate): string {
  const { image, distribution, suite } = release;
  // A name with a dot is no reference that the lab language takes.
  const imageName = image.replaceAll(".", "-");
  const recipe = distribution === "debian" ? `{ suite: ${suite} }` : `{ distribution: ${distribution}, suite: ${suite} }`;
  return `# yaml-language-server: $schema=${schema}
#
# A Terrarium lab. \`terrarium validate\` checks it, \`terrarium apply\` makes it so, \`terrarium destroy\` removes it all.
# Every key, with its default: \`terrarium schema\`, or completion in your editor. Sizes and durations have units: 2GiB, 90s.

lab: ${name} # prefix of every object's name on the host; a lab renamed is a new lab

defaults: # for every sandbox that says nothing else
  image: ${imageName}
  cpus: 1
  memory: 1GiB
  disk: 8GiB # what the guest sees; the host stores only what is written

images:
  ${imageName}:
    bootstrap: ${recipe} # built once on the host from the distribution's packages
  # mine: { path: ./disk.qcow2 } # or a file of yours
  # other: { url: "https://example.org/disk.qcow2", sha256: … } # or a download, verified

networks:
  front: { mode: nat } # guests reach the world; its block of addresses is planned and recorded
  # back: { mode: isolated, cidr: 10.20.0.0/24 } # guests reach only each other

sandboxes:
  web:
${count > 1 ? `    count: ${count} # web-1 … web-${count}\n` : "    # count: 3 # web-1 … web-3\n"}    networks: [front] # without this line: a network of its own
    cloudInit: # what happens in the guest at its first boot
      runCmd:
        - echo "Hello from a Terrarium sandbox" > /etc/motd
      # packages: [nginx]
      # userData: ./web.yaml # your own cloud-config, merged with the above
  # db:
  #   memory: 2GiB
  #   networks: [front]
  #   disks: [{ size: 20GiB }] # more disks
  #   protect: true # refuse whatever would lose its data
`;
}
