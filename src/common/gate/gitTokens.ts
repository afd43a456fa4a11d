import { setting } from './programs/gitSettings.ts';

/** Whether one of these calls could list settings of git that it does not name: then whatever stands there is shown. */
export function listsSettings(calls: readonly (readonly string[])[]): boolean {
  return calls.some(
    ([program, ...words]) =>
      program === 'git' &&
      words.some((word) => word === 'config' || word === 'var') &&
      words.some((word) => /^(?:list|--list|-l|--get-regexp)$/.test(word)),
  );
}

/** Whether one of these calls shows the addresses of other repositories, or settings, of which some are addresses. */
export function listsAddresses(calls: readonly (readonly string[])[]): boolean {
  return calls.some(
    ([program, ...words]) =>
      program === 'git' && words.some((word) => /^(?:remote|ls-remote)$|\.(?:push)?(?:url|remote)$/i.test(word)),
  );
}

/** Whether an address in a configuration has a password in it, or a name that is none of an account of ssh. */
export function mayHoldAddressToken(configuration: string): boolean {
  return /:\/\/(?!(?:git|ssh)@)[^/\s"]*@/i.test(configuration);
}

/** An address with a name or a password in it, a token by its beginning, or a word that speaks of one. */
const telling =
  /:\/\/(?!git@)[^/\s]*@|gh[opsu]_|github_pat_|glpat-|xox[a-z]-|AKIA|eyJ|bearer|basic |authorization|extraheader|passw|token|secret|api_?key/i;
/** An address without anything that lets somebody in. */
const plainAddress = /^url\.(?:(?:https?|ssh|git):\/\/)?(?:git@)?[\w.-]+(?::\d+)?[:/][\w./-]*\.(?:push)?insteadof$/i;
/** Who keeps the credentials, which are not in the configuration then. */
const keeper = /^credential\.(?:https?:\/\/[\w.-]+(?::\d+)?\/?\.)?(?:helper|usehttppath|provider|credentialstore)$/i;
const largeFiles = /^lfs\.https?:\/\/[\w./:-]+\.(?:access|locksverify)$/i;
/** A name without a value stands for yes: nothing is kept there. */
const yes = /^[a-z][a-z0-9-]{0,19}$/i;

/**
 * Whether a configuration of git, as it stands in its file, may hold what lets somebody in. Each setting has to be one of those
 * that hold nothing of the kind, in the plain way in which git writes them; whatever else there is counts.
 */
export function mayHoldToken(configuration: string): boolean {
  // Git lists also what stands before the first section.
  let section = '';
  for (const text of configuration.split('\n')) {
    const [header = '', name, sub] = /^\s*\[([\w.-]+)(?:\s+"([^"\\\]]*)")?\]/.exec(text) ?? [];
    if (name !== undefined) section = sub === undefined ? name : `${name}.${sub}`;
    const line = text.slice(header.length).trim();
    if (line === '' || /^[#;]/.test(line)) continue;
    const [, key] = /^([a-z][a-z0-9-]*)(?:\s*=[^]*)?$/i.exec(line) ?? [];
    if (key === undefined || line.endsWith('\\') || telling.test(`${section}.${line}`)) return true;
    if (yes.test(line) && !section.includes('.')) continue;
    if (![setting, plainAddress, keeper, largeFiles].some((known) => known.test(`${section}.${key}`))) return true;
  }
  return false;
}
