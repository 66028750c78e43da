import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DiagnosticError } from "../../../lib/diagnostics/diagnostic-error.ts";
import { VBoxManage, withoutWarnings } from "../../../lib/hypervisor/virtualbox/vboxmanage.ts";

// A program in VBoxManage's place that behaves as it was seen to: real processes, real streams.
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "vboxmanage-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function program(body: string): Promise<string> {
  const path = join(folder, "VBoxManage");
  await writeFile(path, `#!/bin/sh\ncd ${folder}\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

const codeOf = async (call: Promise<unknown>): Promise<unknown> =>
  await call.then(
    () => "no error",
    (error: unknown) => (error instanceof DiagnosticError ? error.diagnostics[0]?.code : error),
  );

test("a daemon that was just ending is asked again", async () => {
  const vbox = new VBoxManage(
    await program(
      'echo x >> calls; if [ $(wc -l < calls) -lt 3 ]; then echo "VBoxManage: error: Failed to create the VirtualBox object!" >&2; exit 1; fi; echo done',
    ),
  );
  expect(await vbox.run(["list", "vms"])).toBe("done\n");
  expect((await readFile(join(folder, "calls"), "utf8")).length).toBe(6);
});

test("a command that was carried out and failed is not given again", async () => {
  const vbox = new VBoxManage(
    await program("echo x >> calls; echo \"VBoxManage: error: Machine settings file '/a' already exists\" >&2; exit 1"),
  );
  expect(await codeOf(vbox.run(["createvm"]))).toBe("OBJECT_EXISTS");
  expect(await vbox.tryRun(["createvm"], ["OBJECT_EXISTS"])).toBeUndefined();
  expect(await codeOf(vbox.tryRun(["createvm"], ["OBJECT_NOT_FOUND"]))).toBe("OBJECT_EXISTS");
  expect((await readFile(join(folder, "calls"), "utf8")).length).toBe(6);
});

test("an error with exit code 0 is a failure", async () => {
  const vbox = new VBoxManage(await program('echo "VBoxManage: error: Invalid NIC number 9" >&2'));
  expect(await codeOf(vbox.run(["modifyvm"]))).toBe("DEFINITION_REFUSED");
});

test("commands for one machine run one after another, and others beside them", async () => {
  const vbox = new VBoxManage(await program('echo "start $3" >> log; sleep 0.2; echo "end $3" >> log'));
  await Promise.all(
    ["a", "a", "b"].map((machine, index) => vbox.run(["showvminfo", `${machine}${index}`], { machine: `${folder}/${machine}` })),
  );
  const lines = (await readFile(join(folder, "log"), "utf8")).trim().split("\n");
  expect(lines.indexOf("end a0")).toBeLessThan(lines.indexOf("start a1"));
  expect(lines.indexOf("start b2")).toBeLessThan(lines.indexOf("end a0"));
});

test("no more than two run at a time", async () => {
  const vbox = new VBoxManage(await program("echo + >> log; sleep 0.1; echo - >> log"));
  await Promise.all(Array.from({ length: 6 }, () => vbox.run(["list", "vms"])));
  let running = 0;
  const most = (await readFile(join(folder, "log"), "utf8"))
    .trim()
    .split("\n")
    .map((mark) => (running += mark === "+" ? 1 : -1));
  expect(Math.max(...most)).toBe(2);
});

test("one that hangs is ended, and the answer says what to do", async () => {
  const vbox = new VBoxManage(await program("exec sleep 60"), { timeout: 300 });
  const failure = await vbox.run(["list", "vms"]).catch((error: unknown) => error);
  expect(failure).toMatchObject({ diagnostics: [{ code: "HOST_TIMEOUT", nextStep: expect.stringContaining("VBoxSVC") as string }] });
});

test("a program that is not there is VirtualBox that is not installed", async () => {
  expect(await codeOf(new VBoxManage(join(folder, "nothing")).run(["list", "vms"]))).toBe("TOOL_MISSING");
});

test("output is read leniently: Windows' line ends, bytes that are no text, a wrapper's warnings", async () => {
  const vbox = new VBoxManage(
    await program(
      "printf 'WARNING: The character device /dev/vboxdrv does not exist.\\n\\t Please install it.\\n\\n\\t You will not.\\n\"a\\377\" {x}\\r\\n'",
    ),
  );
  expect(await vbox.run(["list", "vms"])).toBe('"a\uFFFD" {x}\n');
  expect(withoutWarnings("Name: WARNING: x\n")).toBe("Name: WARNING: x\n");
});

test("the environment is without translations, and has what is asked for", async () => {
  const vbox = new VBoxManage(await program('echo "$LC_ALL $TZ $VBOX_USER_HOME $1"'), { environment: { VBOX_USER_HOME: "/h" } });
  expect(await vbox.run(["list"])).toBe("C UTC /h -q\n");
});
