import { releaseHosts } from "../resources/open-host.ts";
import { terrariumProvider } from "../resources/provider.ts";
import { runPlugin } from "./run-plugin.ts";

// A host that was brought up for this run alone goes down with it.
runPlugin(terrariumProvider, { atEnd: releaseHosts });
