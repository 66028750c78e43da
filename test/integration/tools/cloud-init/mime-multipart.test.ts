import * as fc from "fast-check";
import { expect, test } from "vitest";
import { mimeMultipart } from "../../../../lib/cloud-init/mime-multipart.ts";
import { askPython } from "./cloud-init.ts";

const content = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 300 }),
  fc.uint8Array({ maxLength: 300 }),
  fc.stringMatching(/^[ -~\n]{0,300}$/),
  fc.constantFrom(
    "",
    "\n",
    "\r\n",
    "--",
    "--\n--x--\n",
    "From me\n",
    ".\n",
    "x".repeat(5000),
    "#!/bin/sh\necho \\\n  --boundary\n",
    "\ttab \n \n\n",
  ),
);
const filename = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
const part = fc.record({ contentType: fc.constantFrom("text/cloud-config", "text/x-shellscript", "application/gzip"), filename, content });

test("Python's email reads back type, name and every byte, and finds no defect", () => {
  const messages = fc.sample(fc.array(part, { minLength: 1, maxLength: 5 }), { numRuns: 300, seed: 1 });
  const read = askPython("read_mime.py", messages.map(mimeMultipart));
  const expected = messages.map((parts) =>
    parts.map((sent) => ({
      type: sent.contentType,
      filename: sent.filename,
      content: Buffer.from(sent.content).toString("hex"),
      defects: [],
    })),
  );
  expect(read).toEqual(expected);
});
