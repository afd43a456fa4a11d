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

/** Output of a command that goes into a file. */
export function writesOutput(path: string): string {
  const inside = !/^[/~]|(?:^|\/)\.\.(?:\/|$)/.test(path);
  return `It writes its output to ${path}.${inside ? ' What it prints is shown anyway; to make a file there is file_write.' : ''}`;
}

/** What does the same and is asked about less, by the program, or by the program and the option that is in the way. */
const plainerWays: Readonly<Record<string, string>> = {
  touch: 'To make a file there is file_write.',
  tee: 'What is printed is shown anyway; to make a file there is file_write.',
  'sed -i': 'To change a file there is file_edit.',
  'perl -i': 'To change a file there is file_edit.',
  'tail -f': 'With -n it shows the end as it is now.',
  'tail -F': 'With -n it shows the end as it is now.',
  watch: 'Run the command itself, once.',
  vitest: '`vitest run` goes through the tests once.',
  sudo: 'Run it without sudo.',
  ed: 'To change a file there is file_edit.',
  vim: 'To change a file there is file_edit.',
  vi: 'To change a file there is file_edit.',
  nano: 'To change a file there is file_edit.',
};

/** The end of a reason, with a blank before it; empty: nothing plainer is known. */
export function plainerWay(program: string, option = ''): string {
  const way = [`${program} ${option}`, program].map((key) =>
    Object.hasOwn(plainerWays, key) ? plainerWays[key] : undefined,
  );
  const [first] = way.filter((each) => each !== undefined);
  return first === undefined ? '' : ` ${first}`;
}

export function setting(text: string): string {
  const shown = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  return `It sets ${shown}, which may decide what is started, read or written.`;
}

/** A text that is given to a program as its input, which runs it. */
export function runsItsInput(program: string): string {
  return `What stands behind << is run by ${program} as a program, and is on no list.`;
}
