import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { App } from "cdktf";
import { Image, LabStack, Network, Ready, Sandbox, Seed, Size } from "terrarium-labs";

// Checked in with the program: with it nobody's address ever moves.
const lockFile = new URL("terrarium.lock.yaml", import.meta.url);

const app = new App();
const lab = new LabStack(app, "two-tier", {
  hosts: { local: { uri: "embedded" } }, // Terrarium's own host: touches nothing of this machine's network or libvirt
  lock: existsSync(lockFile) ? readFileSync(lockFile, "utf8") : undefined,
});

const image = new Image(lab, "debian-12", { bootstrap: { suite: "bookworm" } });
const front = new Network(lab, "front", { cidr: "10.20.0.0/24" });

const web = new Sandbox(lab, "web", { image, memory: Size.mebibytes(512), disk: Size.gibibytes(4), networks: [front] });
new Seed(web, "greeting", { runCmd: ["echo 'Hello from the web tier.' > /etc/motd"] });
new Sandbox(lab, "db", { image, memory: Size.mebibytes(512), disk: Size.gibibytes(4), networks: [{ network: front, ip: "10.20.0.5" }] });

// Makes `cdktf deploy` wait until both can be used.
new Ready(lab, "ready");

app.synth();
writeFileSync(lockFile, lab.lockFile());
