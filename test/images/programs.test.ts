import { expect, test } from "vitest";
import { inPrivateNamespace, requirePrograms } from "../../lib/images/programs.ts";

test("all missing programs are named at once, with the one command that installs them", async () => {
  await expect(requirePrograms(["mmdebstrap", "extlinux", "mke2fs"], "building", ["/nonexistent"])).rejects.toMatchObject({
    diagnostics: [
      {
        code: "TOOL_MISSING",
        summary: "building needs mmdebstrap, extlinux, mke2fs, which are not installed",
        nextStep: "apt-get install -y --no-install-recommends e2fsprogs extlinux mmdebstrap",
      },
    ],
  });
});

test("a command in a namespace of its own keeps its arguments as they are", () => {
  const [program, args] = inPrivateNamespace(["echo", "$HOME; x", "--y"]);
  expect(program).toBe("setpriv");
  expect(args.slice(-3)).toEqual(["echo", "$HOME; x", "--y"]);
});
