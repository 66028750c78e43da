import type { PartRule } from "../rule.ts";

/** What EC2 takes; OpenStack takes 64 KiB, Azure 64 KiB, NoCloud and ConfigDrive what fits a CD-ROM. */
const smallestLimit = 16 * 1024;

/** User-data that other clouds would not take. Looks at the whole text, not at its parts. */
export const tooLargeRule: PartRule = {
  code: "CLOUD_INIT_TOO_LARGE",
  severity: "warning",
  because: "A seed on a CD-ROM holds any size, but EC2 takes 16 KiB of user-data and others 64 KiB: this text would work here only.",
  example: {
    bad: `#cloud-config\nwrite_files:\n  - path: /srv/page.html\n    content: |\n${"      <p>Some text that goes on and on.</p>\n".repeat(400)}`,
    good: "#cloud-config\nruncmd:\n  - [curl, -o, /srv/page.html, 'https://example.test/page.html']\n",
  },
  checkPart: ({ name, text }) => {
    const size = text.length > smallestLimit ? text.length : Buffer.byteLength(text);
    if (size <= smallestLimit) return [];
    return [
      {
        at: { offset: 0, length: text.indexOf("\n") },
        summary: `${name} has ${Math.ceil(Buffer.byteLength(text) / 1024)} KiB; some clouds take no more than 16 KiB`,
        nextStep: "Pack it (gzip -c FILE | base64), or let the guest fetch the large parts.",
      },
    ];
  },
};
