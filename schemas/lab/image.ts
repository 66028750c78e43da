import { closedObject, type Schema } from "./value.ts";

const size: Schema = {
  $ref: "#/$defs/size",
  description:
    "The size of the disk inside the image, where it is known before the image is there: disks cannot be smaller. Recorded in the lock once the image was prepared.",
};

const bootstrap: Schema = closedObject(
  {
    distribution: { description: "Whose packages.", enum: ["debian", "ubuntu"], default: "debian" },
    suite: { description: "The release's code name.", type: "string", pattern: "^[a-z]{3,20}$", examples: ["bookworm", "trixie", "noble"] },
    packages: {
      description: "Packages to have in the image, beside what a sandbox needs (kernel, systemd, cloud-init, OpenSSH, guest agent).",
      type: "array",
      items: { type: "string", pattern: "^[a-z0-9][a-z0-9+.:-]*$" },
      default: [],
    },
    mirror: { description: "Package mirror. Default: the machine's own package sources.", type: "string", pattern: "^https?://" },
  },
  {
    title: "Bootstrap",
    description: "An image made on the host from the distribution's packages, in about a minute. Its identity is the hash of this recipe.",
    required: ["suite"],
  },
);

export const image: Schema = {
  title: "Image",
  description: "A disk that sandboxes start from. One verified, read-only copy per host; sandboxes get overlays and never write to it.",
  type: "object",
  properties: {
    path: {
      description: "A file: qcow2, raw, VMDK or VDI. Relative to the lab file.",
      type: "string",
      minLength: 1,
    },
    url: { description: "Where to download it.", type: "string", pattern: "^(https?|file)://" },
    sha256: {
      description:
        "SHA-256 of the file as downloaded, in hexadecimal. Needed with `url`; with `path` it is computed and recorded in the lock.",
      type: "string",
      pattern: "^[0-9a-f]{64}$",
    },
    bootstrap,
    size,
  },
  additionalProperties: false,
  oneOf: [{ required: ["path"] }, { required: ["url", "sha256"] }, { required: ["bootstrap"] }],
};
