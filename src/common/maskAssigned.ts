/** Names that say that a secret follows. `pass` begins a word: a compass is none. */
const telling = String.raw`passw(?:or)?d|passphrase|passcode|(?<![a-z])pass|pwd|secret(?:[-_]?key)?|(?:api|access|account|private|signing|encryption|master)[-_]?key|token|(?<![\w-])_auth`;
/** In source text, in JSON, and in JSON that is a text in JSON itself; a name may have a type. */
const named = String.raw`(?<![\w-])[\w-]*(?:${telling})\\*["']?\s*(?::\s*&?(?:'static )?(?:string|str)\s*=|:=|[:=])\s*`;

/** To the same quote, with as many backslashes before it: one with more stands in the value. */
const quoted = new RegExp(String.raw`(${named}>?\s*)(\\*["'\x60])((?:(?!(?<!\\)\2)[^\n])*)(?<!\\)(?=\2)`, 'gi');
/** `NAME=value` at the begin of a line, as in files of environments: everything up to a blank is the value. */
const environment = new RegExp(
  String.raw`^([-+> \t]*(?:(?:export|set|env)[ \t]+)?[\w.:/-]*?(?:${telling})=)([^\s"'\x60]\S*)`,
  'gim',
);
/** Any other, as far as it cannot be code. */
const bare = new RegExp(
  String.raw`(${named})(?!=)([^\s"'\x60\\,;()[\]{}<>]{6,})(?![^\s"'\x60\\,;()[\]{}<>]|\()([,)]?)`,
  'gi',
);
/** `--password value` */
const option = new RegExp(String.raw`(\s--?[\w-]*(?:${telling})\s+)(?![-$<])([^\s"'\x60]{6,})`, 'gi');
/** A variable in capitals whose name ends so, but for names of what is no secret. */
const key =
  /(?<![\w-])((?:(?!PUBLIC|PRIMARY|FOREIGN|SORT|PARTITION|CACHE|INDEX|UNIQUE|STORAGE|GROUP)[A-Z0-9_])+_KEY=["']?)(?![\s"'$<[])([^\s"']{6,})/g;

/** Shorter ones are not looked for: too much else is as short. */
const SHORTEST = 6;

/** Words that stand behind such names and are none: types, states, and what a form says. */
const words = new Set(
  'string boolean number unknown undefined object buffer symbol required optional missing invalid expired changed default nothing disabled enabled hidden masked [masked] secret password passwd token bearer example redacted'.split(
    ' ',
  ),
);
/** Where values are taken from in code. */
const sources =
  /^(?:this|self|process|req|request|res|response|config|env|settings|options|args|params|os|user|ctx|context|opts|data|body|props|state|event|secrets|vars|var|local|module)\b/;

/** The text without the values of names that say that a secret follows. Names, and code that only passes one on, stay. */
export function maskAssigned(text: string): string {
  return text
    .replace(quoted, (whole, head: string, quote: string, value: string) =>
      value.length < SHORTEST || isReference(value) ? whole : `${head}${quote}[masked]`,
    )
    .replace(environment, (whole, head: string, line: string) => {
      // Another field of the same line, as in connection strings.
      const [value = ''] = line.split(/(?=;[A-Za-z]\w*=)/);
      const stays = value.length < SHORTEST || isReference(value) || isPath(value) || isCode(value);
      return stays ? whole : `${head}[masked]${line.slice(value.length)}`;
    })
    .replace(bare, (whole, head: string, value: string, behind: string, at: number, all: string) =>
      isSaid(head, value, behind) || (isWhole(head, value, behind) && isLine(all, at, at + whole.length))
        ? `${head}[masked]${behind}`
        : whole,
    )
    .replace(option, (whole, head: string, value: string) =>
      isReference(value) || isPath(value) || !/[\d\W_]/.test(value) ? whole : `${head}[masked]`,
    )
    .replace(key, (whole, head: string, value: string) => (isCode(value) || isPath(value) ? whole : `${head}[masked]`));
}

/** A value that is not a mere word; or one in the place of which only a value can stand, as in the query of an address. */
function isSaid(head: string, value: string, behind: string): boolean {
  if (isReference(value) || isPath(value) || isCode(value)) return false;
  return !/^[\p{L}_$]+$/u.test(value) || (/\w=$/.test(head) && behind === '');
}

/** A mere word, alone behind its name: a value in YAML and the like, but for the name of a type. */
function isWhole(head: string, value: string, behind: string): boolean {
  return (
    behind === '' &&
    /^[\p{L}_$]+$/u.test(value) &&
    !isReference(value) &&
    !(head.includes(':') && /^\p{Lu}/u.test(value))
  );
}

function isLine(text: string, start: number, end: number): boolean {
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  return /^[-+>\s]{0,200}["']?$/.test(before) && /^[ \t\r]*(?:\n|$)/.test(text.slice(end, end + 200));
}

/** The name of a variable, or of what is to be put in its place. */
function isReference(value: string): boolean {
  return (
    /^(?:\$\{[^}]*\}|\$\([^)]*\)|\$[A-Z_][A-Z0-9_]*|%[A-Z_]+%|\{\{.*\}\}|<[^<>]*>|[*x.…•]+)$/i.test(value) ||
    words.has(value.toLowerCase())
  );
}

function isPath(value: string): boolean {
  return /^(?:\.{1,2}\/|~\/|\/(?:home|Users|usr|etc|var|tmp|run|opt|mnt|srv|workspaces?|app)\/|https?:\/\/|file:)/.test(
    value,
  );
}

/** A type, a call, or where a value is taken from. */
function isCode(value: string): boolean {
  const plain = value.replace(/[;,!?]+$/, '');
  if (words.has(plain.toLowerCase()) || /^[\w.$]+\((?:.*\))?$/.test(plain)) return true;
  if (!/^[A-Za-z_$][\w$]*(?:(?:\?\.|\.|->|::)#?[A-Za-z_$][\w$]*)+$/.test(plain)) return false;
  return sources.test(plain) || !/\d/.test(plain);
}
