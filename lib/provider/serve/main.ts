import { terrariumProvider } from "../resources/provider.ts";
import { runPlugin } from "./run-plugin.ts";

runPlugin(terrariumProvider);
