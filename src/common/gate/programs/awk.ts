/**
 * Whether all that a program of `awk` does is to print: it starts nothing (`system`, `|`), writes nothing (`>` behind `print`),
 * reads nothing but its input (`getline`, `ARGV`, `@include`) and nothing of the environment. It is read word by word; where it
 * is in doubt whether a slash begins an expression, it is none of it.
 */
export function onlyPrints(program: string): boolean {
  const words = split(program);
  return words !== undefined && isHarmless(words);
}

type Kind = 'name' | 'number' | 'string' | 'expression' | 'sign' | 'line';
interface Token {
  kind: Kind;
  text: string;
}

const string = /"(?:[^"\\\n]|\\[^\n])*"/y;
/** Within brackets a slash stands behind a backslash in every awk; what `\]` is there, they do not agree upon. */
const bracket = String.raw`\[\^?(?:[^\]\/\\\n\[]|\\[\/\\tn.-]|\[:[a-z]+:\])+\]`;
const expression = new RegExp(String.raw`\/(?:[^\/\\\n\[]|\\[^\n]|${bracket})+\/`, 'y');
const patterns: readonly (readonly [Kind, RegExp])[] = [
  ['name', /[A-Za-z_]\w*/y],
  ['number', /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?/y],
  ['string', string],
  ['line', /\n/y],
  ['sign', /&&|\|\||\+\+|--|==|!=|<=|>=|!~|[-+*/%^]=|>>|[-+*/%^!<>=~?:;,(){}[\]$|]/y],
];
/** Behind these a slash divides. */
const values = new Set<Kind>(['number', 'string', 'expression']);
/** Names that take no value behind them, so that a slash begins an expression. */
const keywords = new Set(['print', 'printf', 'return', 'in', 'else', 'do', 'exit']);
/**
 * Names that are functions or may be one without brackets, and words of some awks that are variables of others: what a slash is
 * there depends on the version.
 */
const unsure = new Set(
  'length getline func function delete BEGIN END case switch default nextfile break continue next'.split(' '),
);

function split(program: string): Token[] | undefined {
  const found: Token[] = [];
  const heads: boolean[] = [];
  let afterHead = false;
  for (let at = 0; at < program.length;) {
    if (/[ \t]/.test(program.charAt(at))) {
      at++;
      continue;
    }
    const slash: ReturnType<typeof slashAt> = program.charAt(at) === '/' ? slashAt(found.at(-1), afterHead) : 'divides';
    if (slash === undefined) return undefined;
    const word: Token | undefined =
      slash === 'begins' ? match('expression', expression, program, at) : first(program, at);
    if (word === undefined) return undefined;
    if (word.text === '(') heads.push(/^(?:if|while|for)$/.test(found.at(-1)?.text ?? ''));
    afterHead = word.text === ')' && heads.pop() === true;
    found.push(word);
    at += word.text.length;
  }
  return found;
}

function match(kind: Kind, pattern: RegExp, program: string, at: number): Token | undefined {
  pattern.lastIndex = at;
  const [text] = pattern.exec(program) ?? [];
  return text === undefined ? undefined : { kind, text };
}

function first(program: string, at: number): Token | undefined {
  for (const [kind, pattern] of patterns) {
    const found = match(kind, pattern, program, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a slash does behind this word; undefined: that is not sure. */
function slashAt(before: Token | undefined, afterHead: boolean): 'begins' | 'divides' | undefined {
  if (before === undefined || before.kind === 'line') return 'begins';
  if (before.kind === 'name') {
    if (keywords.has(before.text)) return 'begins';
    return unsure.has(before.text) ? undefined : 'divides';
  }
  if (values.has(before.kind)) return before.kind === 'number' ? 'divides' : undefined;
  if (before.text === ')') return afterHead ? 'begins' : 'divides';
  if (before.text === ']') return 'divides';
  if (before.text === '++' || before.text === '--' || before.text === '$') return undefined;
  return 'begins';
}

/** Variables and functions of `awk` that reach beyond its input and its output. */
const reaching =
  /^(?:system|getline|close|fflush|ENVIRON|ARGV|ARGC|ARGIND|PROCINFO|SYMTAB|FUNCTAB|BINMODE|load|include|namespace|extension|stopme|function|func)$/;

function isHarmless(words: readonly Token[]): boolean {
  let printing = false;
  let depth = 0;
  for (const { kind, text } of words) {
    if (kind === 'name' && reaching.test(text)) return false;
    if (text === '|' || text === '>>') return false;
    if (kind === 'name' && (text === 'print' || text === 'printf')) {
      printing = true;
      depth = 0;
      // Behind a comma it goes on in the next line.
    } else if (text === ';' || text === '}' || text === '{') printing = false;
    if (text === '(' || text === '[') depth++;
    if (text === ')' || text === ']') depth--;
    // Within brackets it compares.
    if (printing && depth <= 0 && text === '>') return false;
  }
  return true;
}
