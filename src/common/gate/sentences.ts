/** Why a line is asked about whose parts are not all known beforehand: what it is about, and a plainer way where there is one. */

const unseen = (what: string, plainer = ''): string =>
  `It uses ${what}, so what it does cannot be seen beforehand.${plainer === '' ? '' : ` ${plainer}`}`;

/** Something that the gate does not go through. */
export const beyond = unseen('more of the shell than plain commands');
export const nowhere = 'It changes the folder in a way that cannot be followed beforehand.';
export const above = 'It changes to a folder above that of the workspace.';
export const background = 'It goes on in the background (&), where nobody sees what it does. Run it without the &.';
export const tooOften = 'Its loops go round too often to be gone through; name fewer values.';

export const functions = unseen('a function', 'Write the commands themselves.');
export const endless = unseen('a loop whose end is not known', 'Use a loop over words.');
export const loopWords = unseen('a loop over words that are not known', 'Write the words themselves, or a pattern.');
export const coprocess = unseen('a process beside the others');
export const conditions = unseen('a condition that is not understood');
export const choices = unseen('a choice (case) that is not understood');
export const assignment = unseen('a variable that programs or the shell may heed');
export const descriptor = unseen('another descriptor than its input and its outputs');

/** A variable or a substitution in a word, as it is written. */
export function unknownPart(text: string): string {
  const shown = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  if (/^~(?:\/|$)/.test(text)) return `It reads ${shown}, outside the workspace.`;
  return /^[$]?\(|^`|^\$\(/.test(text)
    ? `What ${shown} stands for is not known before it has run. Run that first, and then write what it prints.`
    : `What ${shown} stands for is not known beforehand. Write the value itself.`;
}

export function setting(text: string): string {
  const shown = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  return `It sets ${shown}, which may decide what is started, read or written.`;
}

/** A text that is given to a program as its input, which runs it. */
export function runsItsInput(program: string): string {
  return `What stands behind << is run by ${program} as a program, and is on no list.`;
}
