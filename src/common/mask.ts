/** A name that says that a secret follows, in source text and in JSON, also where that is a text in JSON itself. */
const named = String.raw`\b[\w-]*(?:password|passwd|secret|api[-_]?key|access[-_]?key|token)\\*["']?\s*[:=]\s*`;

/** What looks like a secret, as the services that give them out write them, and values of names that say so. */
const secrets: readonly { pattern: RegExp; keep?: string }[] = [
  // To its end, or where that was cut off as far as there are lines of it.
  {
    pattern:
      /-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[\s\S]{0,10000}?-----END [A-Z ]*PRIVATE KEY-----|(?:(?:\s|\\n)+[\s\d:|+-]{0,10}[\w+/=]{20,})*)/g,
  },
  { pattern: /\b(?:sk|pk|rk)[-_](?:live|test|proj|ant|or)?[-_]?[\w-]{16,}/g },
  { pattern: /\b(?:ghp|gho|ghu|ghs|ghr|glpat|github_pat|xox[abeprs]|hf|npm|pypi)[-_][\w-]{16,}/g },
  { pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  { pattern: /\bAIza[\w-]{30,}/g },
  { pattern: /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g },
  { pattern: /(\bBearer\s+)[\w.~+/=-]{12,}/gi, keep: '$1' },
  { pattern: /(:\/\/[^\s:/@]+:)[^\s/@]+(?=@)/g, keep: '$1' },
  {
    pattern: new RegExp(String.raw`(${named}(\\*["']))(?:(?!\2)[^\n]){6,}?(?=\2)`, 'gi'),
    keep: '$1',
  },
  {
    pattern: new RegExp(String.raw`(${named})[^\s"'\\,;()[\]]{6,}(?![^\s"'\\,;()]|\()`, 'gi'),
    keep: '$1',
  },
];

/** The text with what looks like a secret taken out of it. For what leaves the machine: exports and diagnostics. */
export function masked(text: string): string {
  return secrets.reduce((so, { pattern, keep = '' }) => so.replaceAll(pattern, `${keep}[masked]`), text);
}
