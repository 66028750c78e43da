import type { RuleText } from "../rule.ts";

/** Found while the text is read, before rules look at it. */
export const yamlText: RuleText = {
  code: "CLOUD_INIT_YAML",
  severity: "error",
  because: "cloud-init ignores a cloud-config whole that is no YAML, or no map of keys and values.",
  example: {
    bad: "#cloud-config\npackages: [nginx\n",
    good: "#cloud-config\npackages: [nginx]\n",
  },
};

/** Found while the text is unpacked. */
export const gzipText: RuleText = {
  code: "CLOUD_INIT_GZIP",
  severity: "error",
  because: "What starts like base64 of gzip must be that, to its end.",
  example: {
    bad: "H4sIAAAAAAAA\n",
    good: "H4sIAAAAAAAAA1NOzskvTdFNzs9Ly0znKkhMzk5MTy22UojOS8/Mq4jlAgCGOqBiIAAAAA==\n",
  },
};
