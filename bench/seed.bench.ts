/**
 * One NoCloud seed of four small files: ours in this process, warm, against genisoimage as a process, in one run.
 * `npm run bench seed`. The goal for ours is 0.25 ms.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { isoImage } from "../lib/seed/iso-image.ts";

const warmUps = 500;
const images = 5000;
const processes = 20;
const goal = 0.25;

const files = [
  {
    path: "user-data",
    content: Buffer.from(`#cloud-config\n${JSON.stringify({ packages: Array.from({ length: 40 }, (_, index) => `package-${index}`) })}\n`),
  },
  { path: "meta-data", content: Buffer.from('{"instance-id":"web-1-0123456789","local-hostname":"web-1"}\n') },
  { path: "vendor-data", content: Buffer.from('#cloud-config\n{"manage_etc_hosts":"localhost"}\n') },
  { path: "network-config", content: Buffer.from('{"version":2,"ethernets":{}}\n') },
];

/** Median duration of a run, in milliseconds. */
function median(runs: number, run: () => void): number {
  const durations = Array.from({ length: runs }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return durations.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN;
}

const make = (): void => {
  isoImage({ volumeId: "cidata", files });
};
median(warmUps, make);
const ours = median(images, make);

const folder = mkdtempSync(join(tmpdir(), "terrarium-bench-"));
let theirs: number;
let theirSize: number;
try {
  const paths = files.map(({ path, content }) => {
    const written = join(folder, path);
    writeFileSync(written, content);
    return written;
  });
  const output = join(folder, "seed.iso");
  theirs = median(processes, () =>
    execFileSync("genisoimage", ["-quiet", "-volid", "cidata", "-joliet", "-rational-rock", "-output", output, ...paths]),
  );
  theirSize = statSync(output).size;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

console.log(`machine: ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}`);
console.log(
  `isoImage:    ${ours.toFixed(3)} ms per image, warm, median of ${images} (${isoImage({ volumeId: "cidata", files }).length} bytes)`,
);
console.log(`genisoimage: ${theirs.toFixed(3)} ms per image, one process each, median of ${processes} (${theirSize} bytes)`);
console.log(`ratio:       ${(ours / theirs).toFixed(4)} of genisoimage's time; goal ${goal} ms ${ours <= goal ? "reached" : "MISSED"}`);
if (ours > goal) process.exitCode = 1;
