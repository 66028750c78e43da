import { upEmbedded } from "../../../../lib/host/up.ts";

/** Brings host "a" up and kills itself at a step: `up-until.ts ROOT STEP`. */
const [root = "", until = ""] = process.argv.slice(2);
await upEmbedded("a", {
  root,
  uplink: "none",
  onStep: (step) => {
    if (step === until) process.kill(process.pid, "SIGKILL");
  },
});
