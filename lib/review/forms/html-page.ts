import { htmlText } from "./html-escape.ts";

/** Nothing is fetched and nothing runs, whatever is in the page. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

// Blue and orange differ for every kind of colour vision; words say the same as colours.
const style = `:root{color-scheme:light dark;--line:#8888;--loss:#b3400022;--change:#0060c022}
body{font:16px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{border:1px solid var(--line);padding:.4rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
tr.loss,tr.destroy,li.deny{background:var(--loss)}tr.reboot,tr.reseed,tr.replaced{background:var(--change)}
td ul{margin:0;padding-left:1.2rem}pre{overflow-x:auto}pre .added{font-weight:bold}pre .removed{text-decoration:line-through}
svg{max-width:100%;height:auto}`;

/** A page around content that is escaped already. */
export function pageOf(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${htmlText(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
}
