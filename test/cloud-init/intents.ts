import type { SeedIntent, SeedNic } from "../../lib/cloud-init/seed-intent.ts";

/** An intent that asks for nothing. */
export const bareIntent: SeedIntent = {
  instanceId: "web-tier-web-1-0123456789ab",
  hostname: "web-1",
  authorizedKeys: [],
  hostKeys: [],
  packages: [],
  runCmd: [],
  writeFiles: [],
  nics: [],
};

export const loginKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAo3 login";

export const dhcpNic: SeedNic = {
  mac: "02:AA:bb:00:00:05",
  name: "front",
  addressing: "dhcp",
  nameservers: [],
  search: [],
  defaultRoute: true,
};
export const isolatedNic: SeedNic = {
  mac: "02:aa:bc:00:00:05",
  name: "back",
  addressing: "dhcp",
  nameservers: [],
  search: [],
  defaultRoute: false,
  mtu: 1400,
};
export const staticNic: SeedNic = {
  mac: "02:aa:bd:00:00:05",
  name: "fixed",
  addressing: "static",
  address: "10.20.0.5/24",
  gateway: "10.20.0.1",
  nameservers: ["10.20.0.1"],
  search: ["front.test"],
  defaultRoute: true,
};
export const bareNic: SeedNic = {
  mac: "02:00:00:00:00:01",
  name: "wire",
  addressing: "none",
  nameservers: [],
  search: [],
  defaultRoute: false,
};

/** An intent that asks for a little of everything. */
export const fullIntent: SeedIntent = {
  ...bareIntent,
  fqdn: "web-1.front.test",
  user: "admin",
  authorizedKeys: [loginKey],
  hostKeys: [
    {
      type: "ed25519",
      privateKey: "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
      publicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHost",
    },
  ],
  packages: ["nginx", "curl"],
  runCmd: ["echo hello: world > /run/hello", ["touch", "/run/a b"]],
  writeFiles: [
    {
      path: "/etc/motd",
      content: "grüße 😀\u2028\u0085\u0000\ttab\n",
      permissions: "0644",
      owner: "root:root",
      append: false,
      defer: true,
    },
  ],
  nics: [dhcpNic, isolatedNic, staticNic],
};
