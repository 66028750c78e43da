import { boolean, closedObject, integer, type Schema } from "../value.ts";
import { command } from "./command.ts";
import { text, texts } from "./texts.ts";

export const timezone: Schema = text("Time zone: `Europe/Berlin`. Default: the image's.");
export const locale: Schema = text("Locale: `de_DE.UTF-8`; the image must have what makes it. Default: the image's.");

export const ntp: Schema = closedObject(
  {
    servers: texts("Time servers."),
    pools: texts("Pools of time servers. Default: those of the distribution, if there are no servers either."),
    client: { description: "The program to set up.", enum: ["auto", "chrony", "ntp", "systemd-timesyncd"], default: "auto" },
    enabled: boolean({ description: "Sets it up.", default: true }),
  },
  { title: "Ntp", description: "Where the guest gets its time." },
);

export const caCerts: Schema = closedObject(
  {
    trusted: texts("Certificates (PEM) that the guest trusts."),
    removeDefaults: boolean({ description: "Trusts no others.", default: false }),
  },
  { title: "CaCerts", description: "Certificate authorities." },
);

export const powerState: Schema = closedObject(
  {
    mode: { description: "What happens when cloud-init is done.", enum: ["poweroff", "reboot", "halt"] },
    delay: { $ref: "#/$defs/duration", description: "How long after, in whole minutes.", default: "0s" },
    timeout: { $ref: "#/$defs/duration", description: "How long to wait for cloud-init's end before.", default: "30s" },
    message: text("What users who are logged in are told."),
    condition: { ...command, description: "Only if this command succeeds. Default: always." },
  },
  { title: "PowerState", description: "Turns the guest off or restarts it once, at the end of cloud-init.", required: ["mode"] },
);

export const phoneHome: Schema = closedObject(
  {
    url: text("Where to post; `$INSTANCE_ID` is filled in."),
    post: {
      description: "What to post. Default: everything.",
      type: "array",
      items: { enum: ["pub_key_rsa", "pub_key_ecdsa", "pub_key_ed25519", "instance_id", "hostname", "fqdn"] },
      minItems: 1,
    },
    tries: integer(1, 100, { description: "How often to try.", default: 10 }),
  },
  { title: "PhoneHome", description: "An HTTP request at the end of cloud-init.", required: ["url"] },
);
