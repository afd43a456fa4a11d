import { domainToUnicode } from 'node:url';
import { Problem } from '../common/errors.ts';

/** What the person is asked before an address that a model wrote is opened. */
export interface Opening {
  /** As the network takes it: plain ASCII, the host in Punycode. */
  address: string;
  question: string;
  /** All of the address, and what is deceptive in it. */
  detail: string;
}

/** Characters that a dialog can show whole. */
const SHOWN = 2000;

/** @throws Problem for what is no page and no mail, or cannot be shown whole: a model must not offer what runs something */
export function opening(text: string): Opening {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^(?:https?|mailto):$/.test(url.protocol)) {
    const what = url === undefined ? 'This is no address of a page' : `Links to ${url.protocol} are not opened`;
    throw new Problem('link', `${what}.`, 'Copy the address and open it by hand.', 400);
  }
  const address = url.href;
  if (address.length > SHOWN || !/^[\u0021-\u007E]+$/.test(address)) {
    const message = `This address cannot be shown whole (${address.length} characters), so it is not opened.`;
    throw new Problem('link', message, 'Copy it and look at it first.', 400);
  }
  if (url.protocol === 'mailto:') {
    const to = url.pathname;
    if (to === '') throw new Problem('link', 'This address of a mail names nobody.', 'Write the mail by hand.', 400);
    return { address, question: `Write a mail to ${to}?`, detail: address };
  }
  const written = domainToUnicode(url.hostname);
  const notes = [
    ...(written === url.hostname
      ? []
      : [`Some letters of this name are not Latin ones, even where they look so (it is shown as “${written}”).`]),
    ...(url.username === '' && url.password === ''
      ? []
      : [`What stands before the @ is no site but a name to log in with; the site is ${url.host}.`]),
  ];
  return { address, question: `Open a page of ${url.host}?`, detail: [address, ...notes].join('\n\n') };
}

/** What is wrong with an address of a model server, as a sentence; null when nothing is. `http://` may be left out. */
export function urlFault(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed === '') return 'Type the address of a server, for example http://localhost:11434/v1.';
  const whole = trimmed.includes('://') ? trimmed : `http://${trimmed}`;
  if (!URL.canParse(whole)) return 'This is no address. One looks like http://localhost:11434/v1.';
  const { protocol, username, password } = new URL(whole);
  if (!/^https?:$/.test(protocol)) return 'The address must begin with http:// or https://.';
  if (username !== '' || password !== '')
    return 'Leave the key out of the address; set it with "Drover: Set Engine Key".';
  return null;
}
