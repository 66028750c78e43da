/**
 * What checking user-data costs for 1,000 sandboxes, each with a text of its own: what `validate` takes more than without the checks. In one process, cold and warm.
 * `npm run bench lint`. The goal is 0.5 s, the first time.
 */
import { cpus } from "node:os";
import { checkUserData } from "../lib/cloud-init/check-user-data.ts";

const sandboxes = 1000;
const runs = 7;
const goal = 500;

/** A text as people have it, with a line that no other has. */
function textOf(index: number): string {
  return `#cloud-config
hostname: web-${index}
packages: [nginx, curl, jq]
package_update: true
users:
  - default
  - name: admin
    groups: [sudo]
    shell: /bin/bash
    ssh_authorized_keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAo3 me]
write_files:
  - path: /etc/app/${index}.conf
    permissions: "0640"
    content: |
      listen 80;
      name web-${index};
runcmd:
  - systemctl reload nginx
  - [touch, /run/ready]
`;
}

function median(run: () => void): number {
  const durations = Array.from({ length: runs }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return durations.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN;
}

const texts = Array.from({ length: sandboxes }, (_, index) => textOf(index));
const first = performance.now();
for (const text of texts) checkUserData(text);
const cold = performance.now() - first;
const warm = median(() => {
  for (const text of texts) if (checkUserData(text).length > 0) throw new Error("Expected a text without faults");
});

console.log(`machine: ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}`);
console.log(
  `${sandboxes} texts of ${textOf(0).split("\n").length - 1} lines, each its own: ${cold.toFixed(0)} ms cold, ${warm.toFixed(0)} ms warm (median of ${runs})`,
);
console.log(`goal ${goal} ms for the first time: ${cold <= goal ? "reached" : "MISSED"}`);
if (cold > goal) process.exitCode = 1;
