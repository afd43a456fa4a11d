import { randomBytes } from 'node:crypto';

/** Addresses as the webview knows them. */
export interface PageAddresses {
  /** Where style sheets and fonts may come from. */
  own: string;
  script: string;
  style: string;
}

/**
 * The panel's page. It may run the one script and load the style sheet and the icon font from `dist`, nothing else: no
 * address can be reached from it, no form sent, no command run by a link.
 * @param nonce of the one script; each page has another
 */
export function page({ own, script, style }: PageAddresses, nonce = randomBytes(16).toString('base64url')): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${own}`,
    `font-src ${own}`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Drover</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<div id="app"></div>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
