import { Minimatch } from 'minimatch';

/** A file below a folder. */
export interface FileBelow {
  /** From the folder, with forward slashes. */
  path: string;
  link: boolean;
}

/** Which of the files below a folder a command reads, where it is not known which there are. */
export interface Below {
  /** Also those whose names, or whose folders' names, begin with a dot. */
  hidden: boolean;
  /** Also those that a `.gitignore` leaves out. */
  ignored: boolean;
  /** Also what links lead to: their names are listed, and read by another program. */
  links: boolean;
  /** Links are followed, also those that lead to folders. */
  follows?: boolean;
  /** Each name has to be one word, and no option: the names are read as a text. */
  plain: boolean;
  /** Each name has to mean nothing but itself wherever in a command line it is put. */
  verbatim?: boolean;
  /** Only what git knows, whatever a `.gitignore` says. */
  tracked?: boolean;
  /** Of all that git knows in the repository, wherever in it the command stands. */
  whole?: boolean;
  /** What is looked at instead is the project of Docker Compose that begins there: whether it is a plain one. */
  compose?: boolean;
  /** Folders may be listed as well. */
  folders?: boolean;
  /** Of a folder that is listed, all that lies below is read as well. */
  deep?: boolean;
  /** Whether it would be read. Absent: each is. */
  reaches?: (file: FileBelow) => boolean;
  /** Whether anything below this folder could be, itself below. Absent: it could. */
  enters?: (folder: string) => boolean;
  /** Whether anything would be shown of a file with this text. Absent: it is. */
  shows?: (text: string) => boolean;
  /** The same for two that say the same. */
  key: string;
}

/** What two say together, of which one lists what the other reads. */
export function together(one: Below, other: Below): Below {
  if (other.deep === true && one.folders === true) {
    const { links, plain, verbatim = false } = one;
    return { ...other, hidden: true, ignored: true, links, plain, verbatim, key: `${one.key}\0${other.key}` };
  }
  return {
    hidden: one.hidden && other.hidden,
    ignored: one.ignored && other.ignored,
    links: one.links,
    follows: one.follows === true || other.follows === true,
    plain: one.plain,
    verbatim: one.verbatim === true,
    tracked: one.tracked === true,
    whole: one.whole === true,
    reaches: (file) => one.reaches?.(file) !== false && other.reaches?.(file) !== false,
    enters: (folder) => one.enters?.(folder) !== false && other.enters?.(folder) !== false,
    shows: (text) => one.shows?.(text) !== false && other.shows?.(text) !== false,
    key: `${one.key}\0${other.key}`,
  };
}

/** A test of names by a pattern of the shell; undefined where it is not known how a program would understand it. */
export function nameTest(pattern: string, nocase = false): ((name: string) => boolean) | undefined {
  if (!/^(?:[\w.~@%+=:,*? -]|\[[!^]?[\w.-]+\]|\{[\w.,*-]+\})+$/.test(pattern)) return undefined;
  const test = new Minimatch(pattern, { dot: true, nocase, noext: true, nonegate: true, nocomment: true });
  return (name) => test.match(name);
}

/** Which of the ways there are to write the signs of a regular expression. */
export type Dialect = 'basic' | 'extended' | 'fixed';

/**
 * Whether a text could have a line that one of the patterns fits, undefined where that is not known: for each way to fit there is a
 * text that stands in every such line. Upper and lower case are the same.
 */
export function mayFit(patterns: readonly string[], dialect: Dialect): ((text: string) => boolean) | undefined {
  const needed: string[] = [];
  for (const pattern of patterns) {
    const found = dialect === 'fixed' ? pattern.split('\n') : literals(pattern, dialect);
    if (found === undefined || found.some((each) => each.length < 2 || /[^ -~]/.test(each))) return undefined;
    needed.push(...found.map((each) => each.toLowerCase()));
  }
  if (needed.length === 0) return undefined;
  return (text) => {
    // Another encoding could hide what is looked for.
    if (/[\0\ufeff\ufffe\ufffd]/.test(text)) return true;
    const lower = text.toLowerCase();
    return needed.some((each) => lower.includes(each));
  };
}

interface Scan {
  dialect: Dialect;
  /** The longest text so far that every line has which the alternative fits. */
  longest: string;
  run: string;
  depth: number;
  found: string[];
}

/** Of each alternative the longest text that stands in it as it is. */
function literals(pattern: string, dialect: Dialect): string[] | undefined {
  const scan: Scan = { dialect, longest: '', run: '', depth: 0, found: [] };
  for (let at = 0; at < pattern.length;) {
    const next = step(pattern, at, scan);
    if (next === undefined) return undefined;
    at = next;
  }
  if (scan.depth !== 0) return undefined;
  endAlternative(scan);
  return scan.found;
}

function endRun(scan: Scan): void {
  if (scan.depth === 0 && scan.run.length > scan.longest.length) scan.longest = scan.run;
  scan.run = '';
}

function endAlternative(scan: Scan): void {
  endRun(scan);
  scan.found.push(scan.longest);
  scan.longest = '';
}

/** Where the next sign begins; undefined where this one is not understood. */
function step(pattern: string, at: number, scan: Scan): number | undefined {
  const sign = pattern.charAt(at);
  const next = pattern.charAt(at + 1);
  if (sign === '\\') {
    if (scan.dialect === 'basic' && '(){}|?+'.includes(next) && next !== '')
      return special(next, pattern, at + 2, scan);
    if (/[bBwWsSdD<>`']/.test(next)) endRun(scan);
    else if (/[^\w\s]/.test(next)) scan.run += next;
    else return undefined;
    return at + 2;
  }
  if ('*.^$['.includes(sign) || (scan.dialect === 'extended' && '(){}|?+'.includes(sign)) || sign === '\n') {
    return special(sign, pattern, at + 1, scan);
  }
  scan.run += sign;
  return at + 1;
}

function special(sign: string, pattern: string, from: number, scan: Scan): number | undefined {
  switch (sign) {
    case '(':
      // What a group with one of these does is manifold.
      if (/[?*]/.test(pattern.charAt(from))) return undefined;
      endRun(scan);
      scan.depth++;
      return from;
    case ')':
      scan.run = '';
      scan.depth--;
      return scan.depth < 0 ? undefined : from;
    case '|':
    case '\n':
      if (scan.depth > 0) return sign === '|' ? from : undefined;
      endAlternative(scan);
      return from;
    case '*':
    case '?':
    case '+':
      scan.run = scan.run.slice(0, -1);
      endRun(scan);
      return from;
    case '{': {
      scan.run = scan.run.slice(0, -1);
      endRun(scan);
      const end = pattern.indexOf('}', from);
      return end === -1 ? undefined : end + 1;
    }
    case '[':
      endRun(scan);
      return behindBracket(pattern, from);
    default:
      endRun(scan);
      return from;
  }
}

function behindBracket(pattern: string, from: number): number | undefined {
  const [whole] = /^\^?\]?(?:[^\][\\]|\\[\w.+*?/$()-]|\[:\w+:\])*\]/.exec(pattern.slice(from)) ?? [];
  return whole === undefined ? undefined : from + whole.length;
}
