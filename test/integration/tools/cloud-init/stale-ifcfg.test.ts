import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { networkConfig } from "../../../../lib/cloud-init/network-config.ts";
import { bareIntent, dhcpNic } from "../../../cloud-init/intents.ts";
import { cloudInit } from "./cloud-init.ts";

const stale = "DEVICE=eth0\nHWADDR=52:54:00:de:ad:01\nBOOTPROTO=dhcp\nONBOOT=yes\n";

function render(name: string): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "terrarium-ifcfg-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const scripts = join(folder, "etc/sysconfig/network-scripts");
  mkdirSync(scripts, { recursive: true });
  writeFileSync(join(scripts, "ifcfg-eth0"), stale);
  const input = join(folder, "network-config");
  writeFileSync(input, networkConfig({ ...bareIntent, nics: [{ ...dhcpNic, name }] }) ?? "");
  const { exitCode, output } = cloudInit(
    "devel",
    "net-convert",
    "-p",
    input,
    "-k",
    "yaml",
    "-d",
    folder,
    "-D",
    "centos",
    "-O",
    "sysconfig",
  );
  expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
  return Object.fromEntries(readdirSync(scripts).map((file) => [file, readFileSync(join(scripts, file), "utf8")]));
}

test("a stale ifcfg-eth0 of CentOS stays, bound to a MAC that no card of the clone has; ours is bound to the clone's", () => {
  const files = render("front");
  expect(files["ifcfg-eth0"]).toBe(stale);
  expect(files["ifcfg-front"]).toMatch(/^HWADDR=02:aa:bb:00:00:05$/m);
  expect(files["ifcfg-front"]).toMatch(/^ONBOOT=yes$/m);
});

test("a card of the same name replaces the stale file, its HWADDR with it", () => {
  const files = render("eth0");
  expect(Object.keys(files)).toEqual(["ifcfg-eth0"]);
  expect(files["ifcfg-eth0"]).toMatch(/^HWADDR=02:aa:bb:00:00:05$/m);
  expect(files["ifcfg-eth0"]).not.toContain("52:54:00:de:ad:01");
});
