import { expect, test } from "vitest";
import { renderTable } from "../../../lib/cli/output/table.ts";
import { byteSize } from "../../../lib/cli/output/byte-size.ts";
import { consoleText, lastLines } from "../../../lib/cli/output/console-text.ts";
import { cutTo, widthOf } from "../../../lib/cli/output/width.ts";

test("columns are as wide as their widest cell and no line ends in spaces", () => {
  expect(
    renderTable(
      ["NAME", "STATE"],
      [
        ["web-10", "running"],
        ["db", ""],
      ],
    ),
  ).toBe("NAME    STATE\nweb-10  running\ndb      -\n");
});

test("a table without rows is empty", () => {
  expect(renderTable(["NAME"], [])).toBe("");
});

test("control characters in a cell cannot reach the terminal", () => {
  expect(renderTable(["NAME"], [["\u001b[31mred\nnext"]])).toBe("NAME\n\\u001b[31mred\\nnext\n");
});

test("wide characters count twice, combining marks not at all", () => {
  expect([widthOf("abc"), widthOf("日本"), widthOf("e\u0301")]).toEqual([3, 4, 1]);
});

test("a text that does not fit ends in an ellipsis and fits then", () => {
  expect(cutTo("abcdef", 6)).toBe("abcdef");
  expect(cutTo("abcdefg", 6)).toBe("abcde…");
  expect(cutTo("日本語", 5)).toBe("日本…");
});

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [18_743_296, "18 MiB"],
  [1_610_612_736, "1.5 GiB"],
])("%d bytes are shown as %s", (bytes, text) => {
  expect(byteSize(bytes)).toBe(text);
});

test("a console's colours, carriage returns and control characters are taken out", () => {
  expect(consoleText("\u001b[1;32mok\u001b[0m\r\r\nnext\u0007\r\n")).toBe("ok\nnext\\u0007\n");
});

test("the last lines of a text, also of one whose last line has not ended", () => {
  expect(lastLines("a\nb\nc\n", 2)).toBe("b\nc\n");
  expect(lastLines("a\nb\nlogin: ", 2)).toBe("b\nlogin: ");
  expect(lastLines("a\n", 0)).toBe("");
  expect(lastLines("", 5)).toBe("");
});
