/** Where an image comes from. The lab's own type: images add nothing to it. */
export type { ImageSource } from "../lab/lab.ts";
import type { ImageSource } from "../lab/lab.ts";

/** An image built on the host from a distribution's packages. */
export type BootstrapSource = Extract<ImageSource, { kind: "bootstrap" }>;
