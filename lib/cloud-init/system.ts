import type { GuestSettings } from "../../schemas/lab/cloud-init/guest-settings.ts";
import { Duration } from "../units/duration.ts";
import { withoutAbsent } from "./without-absent.ts";

const minute = 60_000;
const second = 1000;

/** Time, language, trust, and what happens at the end. */
export function systemConfig({ timezone, locale, ntp, caCerts, powerState, phoneHome, bootCmd }: GuestSettings): object {
  return withoutAbsent({
    bootcmd: bootCmd,
    timezone,
    locale,
    ntp: ntp && withoutAbsent({ enabled: ntp.enabled ?? true, ntp_client: ntp.client, servers: ntp.servers, pools: ntp.pools }),
    ca_certs: caCerts && withoutAbsent({ trusted: caCerts.trusted, remove_defaults: caCerts.removeDefaults }),
    power_state: powerState && powerStateConfig(powerState),
    phone_home: phoneHome && withoutAbsent({ url: phoneHome.url, post: phoneHome.post ?? "all", tries: phoneHome.tries }),
  });
}

function powerStateConfig({ mode, delay, timeout, message, condition }: NonNullable<GuestSettings["powerState"]>): object {
  const minutes = Math.ceil(milliseconds(delay) / minute);
  return withoutAbsent({
    mode,
    delay: minutes === 0 ? "now" : minutes,
    timeout: timeout === undefined ? undefined : Math.ceil(milliseconds(timeout) / second),
    message,
    condition,
  });
}

/** @throws RangeError for what is no duration */
function milliseconds(duration = "0s"): number {
  const read = Duration.tryParse(duration);
  if (!read) throw new RangeError(`Expected a duration such as "5m", got ${JSON.stringify(duration)}`);
  return read.milliseconds;
}
