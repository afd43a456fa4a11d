import { maskAssigned } from './maskAssigned.ts';

/** What looks like a secret, as the services that give them out write them. `keep`: what of it says no secret. */
const secrets: readonly { pattern: RegExp; keep?: string }[] = [
  // To its end, or where that was cut off as far as there are lines of it.
  {
    pattern:
      /-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----(?:[\s\S]{0,20000}?-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|(?:(?:\n|\\n)+[A-Z][\w-]+: [^\n\\]*)*(?:(?:\s|\\n)+[\s\d:|+-]{0,10}[\w+/=]{20,})*)/g,
  },
  { pattern: /\bAGE-SECRET-KEY-[0-9A-Z-]{10,}/gi },
  // OpenAI, Anthropic, OpenRouter; Stripe.
  { pattern: /(?<![\w-])(?:sk|pk|rk)-(?=[\w-]*\d)[\w-]{16,}/g },
  { pattern: /\b(?:sk|pk|rk)_(?:live|test)_\w{8,}/g },
  { pattern: /\bwhsec_[\w+/=]{16,}/g },
  // GitHub, GitLab, Slack, Hugging Face, npm, PyPI, Docker, DigitalOcean, Shopify, Vault.
  { pattern: /\b(?:gh[oprsu]_|github_pat_)\w{16,}/g },
  { pattern: /\bgl(?:pat|rt|dt|cbt|ptt|ft|soat|agent|imt|oas|ffct)-[\w.-]{16,}/g },
  { pattern: /\bxox[a-z](?:\.xox[a-z])?-[\w-]{10,}|\bxapp-\d-[\w-]{10,}/g },
  { pattern: /\b(?:hf|npm)_(?=[A-Za-z]*\d)[A-Za-z0-9]{20,}|\b(?:hf|npm)_[A-Za-z0-9]{30,}/g },
  { pattern: /(?<![\w-])pypi-(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{16,}/g },
  { pattern: /\bdckr_[po]at_[\w-]{16,}|\bdo[opr]_v1_\w{16,}|\bshp(?:at|ca|pa|ss)_\w{16,}/g },
  { pattern: /\bhv[bsr]\.[\w-]{16,}/g },
  // Amazon, Google, SendGrid; tokens of JSON.
  { pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  { pattern: /\bAIza[\w-]{30,}|\bya29\.[\w-]{16,}|\bGOCSPX-[\w-]{16,}/g },
  { pattern: /\bSG\.[\w-]{16,}\.[\w-]{16,}/g },
  { pattern: /\beyJ[\w-]{8,}\.[\w-]*\.[\w.-]*/g },
  // Bots of Telegram and Discord.
  { pattern: /(?<![\w:.-])\d{8,10}:[A-Za-z0-9_-]{35}(?![\w-])/g },
  { pattern: /\b[MNO][A-Za-z\d_-]{22,27}\.[\w-]{6}\.[\w-]{27,}|\bmfa\.[\w-]{60,}/g },
  // Addresses that are a secret as a whole, and what a signed one ends in.
  { pattern: /(\bhooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/)[\w/+-]+/gi, keep: '$1' },
  { pattern: /(\bdiscord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/\d+\/)[\w-]+/gi, keep: '$1' },
  { pattern: /(\bapi\.telegram\.org\/(?:file\/)?bot)\d+:[\w-]+/gi, keep: '$1' },
  { pattern: /((?<![\w-])sig=)[\w%+/=-]{20,}/gi, keep: '$1' },
  { pattern: /(:\/\/[^\s:/@"'<>]*:)(?!\[masked\]|\$?\{)[^\s/?#"'<>]+(?=@)/g, keep: '$1' },
  { pattern: /(:\/\/)(?=[\w-]*\d)[\w-]{20,}(?=@)/g, keep: '$1' },
  // What a request carries.
  {
    pattern:
      /(\bAuthorization\\*["']?\s*[:=]\s*\\*["']?(?:Basic|Bearer|Digest|Negotiate|ApiKey|Token|Bot)\s+)(?:(?=[\w.~+/=:-]*[\d.~+/=:_-])[\w.~+/=:-]{8,}|[a-z]{20,})(?![\w(])/gi,
    keep: '$1',
  },
  { pattern: /(\bAuthorization\\*["']?\s*[:=]\s*\\*["']?)(?=[\w.~+/=:-]*\d)[\w.~+/=:-]{8,}(?![\w(])/gi, keep: '$1' },
  { pattern: /(\bBearer\s+)(?=[\w.~+/=-]*\d)[\w.~+/=-]{12,}/gi, keep: '$1' },
  { pattern: /(\b(?:Set-)?Cookie\\*["']?\s*:\s*\\*["']?)[\w.%!#$&*+^`|~-]+=(?![\s=>])[^\r\n"'\\]+/gi, keep: '$1' },
  { pattern: /(\bcurl\b[^\n|;]{0,300}?\s(?:-[a-zA-Z]*u|--user)[\s=]?["']?[^\s:"']+:)[^\s"']+/g, keep: '$1' },
  // Connection strings: a value ends at a semicolon and nowhere else.
  { pattern: /(;\s*(?:password|pwd)=)(?![\s"'])[^;\r\n"']{1,200}/gi, keep: '$1' },
  { pattern: /(\b(?:password|pwd)=)(?![\s"'])[^;\r\n"'()]{1,200}(?=;\s*[a-z][a-z ]*=)/gi, keep: '$1' },
];

/** The text with what looks like a secret taken out of it. For what leaves the machine: exports and diagnostics. */
export function masked(text: string): string {
  return maskAssigned(secrets.reduce((so, { pattern, keep = '' }) => so.replaceAll(pattern, `${keep}[masked]`), text));
}
