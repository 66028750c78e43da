import { releaseHosts } from "../resources/open-host.ts";
import { terrariumProvider } from "../resources/provider.ts";
import { isRelay, runRelay } from "../resources/relay.ts";
import { runPlugin } from "./run-plugin.ts";

if (isRelay()) void runRelay();
// A host that was brought up for this run alone goes down with it.
else runPlugin(terrariumProvider, { atEnd: releaseHosts });
