import type { GuestSettingKey, GuestSettings } from "../../schemas/lab/cloud-init/guest-settings.ts";

/** One or more examples of every setting that cloud-init has under another name. */
export const settingExamples: { readonly [Key in GuestSettingKey]: readonly NonNullable<GuestSettings[Key]>[] } = {
  users: [
    [
      {
        name: "alice",
        fullName: "Alice Example",
        groups: ["docker", "adm"],
        primaryGroup: "staff",
        shell: "/bin/zsh",
        home: "/srv/alice",
        uid: 2000,
        sudo: "ALL=(ALL) NOPASSWD:ALL",
        sshKeys: ["ssh-ed25519 AAAA alice"],
        passwordHash: "$6$salt$hash",
        lockPassword: false,
        expires: "2030-12-31",
      },
      { name: "service", system: true, createHome: false, sudo: "ALL=(ALL) /usr/bin/true" },
      { name: "admin", groups: ["docker"] },
    ],
  ],
  sshKeys: [["ssh-ed25519 AAAA more"]],
  packageUpdate: [true, false],
  packageUpgrade: [true],
  apt: [
    {
      mirror: "http://deb.example.test/debian",
      securityMirror: "http://security.example.test/debian",
      sources: {
        tools: { source: "deb http://tools.example.test/debian $RELEASE main", key: "-----BEGIN PGP PUBLIC KEY BLOCK-----\n" },
        more: { source: "ppa:some/thing", keyId: "ABCDEF01", keyServer: "keys.example.test", fileName: "else.list" },
      },
      disableSuites: ["backports"],
      config: 'APT::Install-Recommends "false";\n',
    },
    { preserveSourcesList: true },
    { sourcesList: "deb $MIRROR $RELEASE main\n" },
  ],
  yum: [
    {
      repos: {
        epel: { baseUrl: "http://epel.example.test/9", name: "EPEL", gpgKey: "file:///etc/pki/key", gpgCheck: true, enabled: false },
      },
    },
  ],
  proxy: [{ http: "http://user:p%40ss@proxy.example.test:3128", https: "http://proxy.example.test:3128", noProxy: ["localhost", ".test"] }],
  bootCmd: [["echo early: x", ["touch", "/run/a b"]]],
  disks: [
    [
      { disk: "data", label: "data", mount: "/data", options: ["noatime", "nofail"] },
      {
        disk: "log",
        table: "gpt",
        partitions: [
          { percent: 50, mount: "/var/log/app" },
          { percent: 50, fileSystem: "xfs", label: "spare" },
        ],
      },
    ],
  ],
  mounts: [
    [
      { device: "server:/srv", path: "/mnt", type: "nfs", options: ["ro", "nofail"] },
      { device: "/dev/sr1", path: "/cd" },
    ],
  ],
  growPart: [{ mode: "off" }, { mode: "auto", devices: ["/", "/var"], ignoreGrowrootDisabled: true }],
  ntp: [{ servers: ["10.0.0.1"], pools: ["pool.example.test"], client: "chrony" }, { enabled: false }],
  timezone: ["Europe/Berlin"],
  locale: ["de_DE.UTF-8"],
  caCerts: [{ trusted: ["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"], removeDefaults: true }],
  powerState: [
    { mode: "reboot" },
    { mode: "poweroff", delay: "90s", timeout: "2m", message: "Bye", condition: ["test", "-f", "/run/done"] },
    { mode: "halt", condition: "test -f /run/done" },
  ],
  phoneHome: [{ url: "http://10.0.0.1/$INSTANCE_ID" }, { url: "http://10.0.0.1/", post: ["hostname", "pub_key_ed25519"], tries: 3 }],
};

/** Devices for the disks of the examples. */
export const exampleDevices = { data: "/dev/vdb", log: "/dev/vdc" };
