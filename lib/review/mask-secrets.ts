const assignment =
  /((?:passw(?:or)?d|passwd|passphrase|secret|token|private[_-]?key|credentials?|api[_-]?key)["']?\s*[:=]\s*)(?!\s*[|>]?[-+]?\s*$)("[^"\n]*"|'[^'\n]*'|[^\s,}]+)/gim;
const blocks = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g;
const hashes = /\$(?:[1256]|2[aby]|y|gy|7)\$[./A-Za-z0-9$=,]{8,}/g;
const userPasswords = /(:\/\/[^\s:/@]+:)[^\s@/]+(@)/g;
const reference = /^["']?\$\{(?:env|file):/;

/**
 * Masks what looks like a secret in text that everybody reads: private keys, password hashes, `password: …`, credentials in addresses. A net for the careless, no proof: who wants to be
 * sure writes `${env:NAME}` or `${file:PATH}`.
 */
export function maskSecrets(text: string): string {
  return text
    .replace(blocks, "***private key***")
    .replace(hashes, "***")
    .replace(userPasswords, "$1***$2")
    .replace(assignment, (whole, lead: string, value: string) => (reference.test(value) ? whole : `${lead}***`));
}

const sensitive = /passw|passphrase|secret|token|private|credential|api_?key/i;

/** True for the name of a key whose value nobody should read. `passwordHash` counts: it can be guessed from. */
export function isSensitiveKey(key: string): boolean {
  return sensitive.test(key);
}
