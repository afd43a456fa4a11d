/**
 * Whether all that a script of `sed` does is to print and to change what it prints: it neither writes (`w`), nor runs (`e`), nor
 * reads anything else (`r`). Read sign by sign as `sed` does; what is not known here is none of it.
 */
export function onlyPrints(script: string): boolean {
  const reader = { text: script, at: 0 };
  return commands(reader, 0) && reader.at === script.length;
}

interface Reader {
  text: string;
  at: number;
}

const maxDepth = 4;

/** Takes what fits here, if anything does. */
function take(reader: Reader, pattern: RegExp): boolean {
  pattern.lastIndex = reader.at;
  const [found] = pattern.exec(reader.text) ?? [];
  if (found === undefined) return false;
  reader.at += found.length;
  return true;
}

/** Text up to the sign, in which a bracket holds neither that nor a backslash: where it ends is then the same to every system. */
function upTo(sign: string): string {
  const own = sign === '^' || sign === '-' ? `\\${sign}` : sign === '/' ? '\\/' : sign;
  const bracket = String.raw`\[\^?(?:[^\]${own}\\\n\[]|\[:[a-z]+:\])+\]`;
  return String.raw`(?:[^${own}\\\n\[]|\\[^\nc]|${bracket})`;
}

/** The signs between which a text may stand; none of them means anything to an expression of ours. */
const signs = ['/', '|', ',', '#', ':', '@', '!', '%', '~', ';', '_'];
const substitutions = signs.map((sign) => {
  const shown = sign === '/' ? '\\/' : sign === '|' ? '\\|' : sign;
  const replacement = String.raw`(?:[^${sign === '/' ? '\\/' : sign}\\\n]|\\[^\nc])*`;
  return new RegExp(
    `s${shown}${upTo(sign)}*${shown}${replacement}${shown}[gpiI\\d]*|y${shown}${replacement}${shown}${replacement}${shown}`,
    'y',
  );
});
const blanks = /[ \t]*/y;
const separators = /[ \t\n;]*/y;
const separator = /[ \t]*(?:[\n;]|$|(?=\}))/y;
const address = new RegExp(String.raw`\d+~\d+|\d+|\$|\/${upTo('/')}+\/I?`, 'y');
const second = new RegExp(String.raw`[ \t]*,[ \t]*(?:\d+|\$|[+~]\d+|\/${upTo('/')}+\/I?)`, 'y');
const negated = /[ \t]*!?[ \t]*/y;
const simple = /[pdPDnNgGhHxF=]|l\d*|[qQ]\d*|:[ ]?\w+|[btT](?:[ ]?\w+)?/y;

function commands(reader: Reader, depth: number): boolean {
  if (depth > maxDepth) return false;
  take(reader, separators);
  while (reader.at < reader.text.length && reader.text.charAt(reader.at) !== '}') {
    if (!command(reader, depth)) return false;
    take(reader, separators);
  }
  return true;
}

function command(reader: Reader, depth: number): boolean {
  if (take(reader, address)) take(reader, second);
  take(reader, negated);
  if (reader.text.charAt(reader.at) === '{') {
    reader.at++;
    if (!commands(reader, depth + 1) || reader.text.charAt(reader.at) !== '}') return false;
    reader.at++;
  } else if (!substitutions.some((each) => take(reader, each)) && !take(reader, simple)) return false;
  take(reader, blanks);
  return take(reader, separator);
}
