import type { PartRule } from "../rule.ts";

/** A script whose first line names no interpreter. */
export const shebangRule: PartRule = {
  code: "CLOUD_INIT_SCRIPT_NO_SHEBANG",
  severity: "error",
  because:
    'cloud-init runs a script as a program. Without "#!" and an absolute path at the very start the kernel refuses it ("Exec format error"), whatever characters follow. In a MIME part the type text/x-shellscript alone does not help.',
  example: {
    bad: 'Content-Type: multipart/mixed; boundary="b"\nMIME-Version: 1.0\n\n--b\nContent-Type: text/x-shellscript; charset="utf-8"\n\necho grüße\n--b--\n',
    good: 'Content-Type: multipart/mixed; boundary="b"\nMIME-Version: 1.0\n\n--b\nContent-Type: text/x-shellscript; charset="utf-8"\n\n#!/bin/sh\necho grüße\n--b--\n',
  },
  checkPart: ({ kind, name, text }) => {
    if (kind !== "script" || /^#![ \t]*\//.test(text)) return [];
    const [line = ""] = text.split(/\r?\n/, 1);
    return [
      {
        at: { offset: 0, length: line.length },
        summary: `${name} is a script that no program can run: its first line must be "#!" and an absolute path`,
        nextStep: line.startsWith("\ufeff")
          ? "Save the file without a byte-order mark: it stands before the first line."
          : 'Write the first line "#!/bin/sh" (or another interpreter), with nothing before it.',
      },
    ];
  },
};
