/** What looks like a secret, as the services that give them out write them, and values of names that say so. */
const secrets: readonly { pattern: RegExp; keep?: string }[] = [
  { pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g },
  { pattern: /\b(?:sk|pk|rk)[-_](?:live|test|proj|ant|or)?[-_]?[\w-]{16,}/g },
  { pattern: /\b(?:ghp|gho|ghu|ghs|ghr|glpat|github_pat|xox[abeprs]|hf|npm|pypi)[-_][\w-]{16,}/g },
  { pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  { pattern: /\bAIza[\w-]{30,}/g },
  { pattern: /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g },
  { pattern: /(\bBearer\s+)[\w.~+/=-]{12,}/gi, keep: '$1' },
  { pattern: /(:\/\/[^\s:/@]+:)[^\s/@]+(?=@)/g, keep: '$1' },
  {
    pattern:
      /(\b[\w-]*(?:password|passwd|secret|api[-_]?key|access[-_]?key|token)["']?\s*[:=]\s*["']?)[^\s"',;()]{6,}(?![^\s"',;()]|\()/gi,
    keep: '$1',
  },
];

/** The text with what looks like a secret taken out of it. For what leaves the machine: exports and diagnostics. */
export function masked(text: string): string {
  return secrets.reduce((so, { pattern, keep = '' }) => so.replaceAll(pattern, `${keep}[masked]`), text);
}
