import type { ConfigRule, Finding } from "../rule.ts";

/** `network:` in user-data. */
export const networkKeyRule: ConfigRule = {
  code: "CLOUD_INIT_NETWORK_IN_USER_DATA",
  severity: "error",
  because: "A network is configured before user-data is read: cloud-init ignores the key.",
  example: {
    bad: "#cloud-config\nnetwork:\n  version: 2\n  ethernets: { eth0: { dhcp4: true } }\n",
    good: "#cloud-config\npackages: [nginx] # and the network under the sandbox's networks, or cloudInit.networkConfig\n",
  },
  checkConfig: ({ value }) => (Object.hasOwn(value, "network") ? [networkInUserData({ path: ["network"], of: "key" })] : []),
};

export function networkInUserData(place: Pick<Finding, "path" | "of" | "at">): Finding {
  return {
    ...place,
    summary: 'cloud-init ignores the key "network" in user-data: a network is configured before user-data is read',
    nextStep:
      "Declare it in the sandbox's networks (addresses, names and routes follow from them), or move what stands under it to cloudInit.networkConfig.",
  };
}
