import { type Form, type Given, readForm } from '../form.ts';
import type { Program, Reading } from '../program.ts';

/** What may stand before a bracket in a query: words of the language, and functions of texts, numbers and times. */
const sqlCalls = new Set(
  (
    'select from where and or not in as on using over values exists case when then else having by with recursive union all except ' +
    'intersect distinct count sum total avg min max abs round length lower upper trim ltrim rtrim substr substring instr ' +
    'replace coalesce ifnull nullif iif typeof hex quote cast date time datetime julianday strftime unixepoch group_concat ' +
    'string_agg printf format json json_extract json_array_length json_each json_type row_number rank dense_rank lag lead ' +
    'first_value last_value ntile random likely sqlite_version table_info index_list index_info foreign_key_list'
  ).split(' '),
);
const sqlChanges =
  /\b(?:insert|update|delete|drop|create|alter|attach|detach|vacuum|reindex|analyze|begin|commit|rollback|savepoint|release|into|load_extension|pragma)\b/i;
const sqlPragmas =
  /^pragma\s+(?:table_info|table_xinfo|index_list|index_info|foreign_key_list)\s*\(\s*['"]?\w+['"]?\s*\)\s*;?\s*$|^pragma\s+(?:user_version|database_list|table_list|journal_mode|page_count|encoding|integrity_check|quick_check|foreign_key_check)\s*;?\s*$/i;

/** One statement of SQL that only selects, by functions that are known, or one question about tables. */
function onlySelects(text: string): boolean {
  if (sqlPragmas.test(text.trim())) return true;
  if (/^\.(?:tables|schema|indexes|indices|databases)(?: [\w%]+)?$/.test(text.trim())) return true;
  // What stands between quotes is data, but names of functions may be quoted as well.
  const bare = text.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, (quoted) => quoted.charAt(0).repeat(2)).trim();
  if (!/^(?:explain\s+(?:query\s+plan\s+)?)?(?:select|with)\b/i.test(bare)) return false;
  if (/;(?!\s*$)|--|\/\*|[`[\]]/.test(bare) || sqlChanges.test(bare) || /["']\s*\(/.test(bare)) return false;
  // Behind `with` stands the name of what is selected first, perhaps with its columns, which is no call.
  const rest = bare.replaceAll(/(?:\bwith(?:\s+recursive)?|,)\s*\w+\s*(?:\([\w\s,]*\)\s*)?\bas\s*\(/gi, ' as (');
  return [...rest.matchAll(/(\w+)\s*\(/g)].every(([, name = '']) => sqlCalls.has(name.toLowerCase()));
}

const form: Form = {
  oneDash: true,
  long: [
    'readonly',
    'safe',
    'header',
    'noheader',
    'column',
    'csv',
    'json',
    'line',
    'list',
    'markdown',
    'table',
    'box',
    'tabs',
    'quote',
    'batch',
    'bail',
    'version',
    'help',
  ],
  values: { separator: 'text', nullvalue: 'text' },
  operands: { first: ['read'], rest: onlySelects, least: 2 },
};

/** Its own name is a file as well: an address of the kind `file:a?mode=rwc` says how it is opened. */
function readSqlite(words: readonly Given[]): Reading {
  const { paths, operands, fits } = readForm(words, form);
  const file = operands[0] ?? '';
  const [, plain] = /^file:(\w[\w./-]*)\?(?:mode=ro|immutable=1)(?:&(?:mode=ro|immutable=1))?$/.exec(file) ?? [];
  const named = paths.map((path) => (path.path === file && plain !== undefined ? { ...path, path: plain } : path));
  return { paths: named, does: fits && /^[\w./][\w./ -]*$/.test(plain ?? file) ? 'runs' : 'asks' };
}

export const sqlite: Program = {
  names: ['sqlite3'],
  // A file may bring views that call functions, and is changed where another program has left it half written.
  read: readSqlite,
  match: [
    'sqlite3 data/app.sqlite .tables',
    "sqlite3 data/app.sqlite '.schema users'",
    'sqlite3 -readonly data/app.sqlite "select count(*) from users;"',
    'sqlite3 data/app.sqlite "SELECT name FROM sqlite_master WHERE type=\'table\';"',
    "sqlite3 -header -column data/app.sqlite 'SELECT * FROM users LIMIT 5'",
    "sqlite3 a.db 'PRAGMA table_info(users)'",
    "sqlite3 'file:data/app.sqlite?mode=ro' .tables",
    "sqlite3 a.db 'WITH x AS (SELECT 1) SELECT * FROM x'",
  ],
  noMatch: [
    'sqlite3 a.db',
    'sqlite3 a.db "SELECT \\"\'\\", writefile(1,2), \\"\'\\""',
    'sqlite3 a.db .dump > b',
    "sqlite3 a.db '.shell id'",
    "sqlite3 a.db '.read x'",
    "sqlite3 a.db '.output x'",
    "sqlite3 a.db '.load ./x'",
    "sqlite3 a.db '.tables; .shell id'",
    "sqlite3 a.db '.tables\n.shell id'",
    "sqlite3 a.db 'DELETE FROM users'",
    "sqlite3 a.db 'SELECT 1; DROP TABLE users'",
    "sqlite3 a.db \"SELECT writefile('x', 'y')\"",
    'sqlite3 a.db "SELECT \\"writefile\\"(1, 2)"',
    'sqlite3 a.db "SELECT readfile(\'.env\')"',
    'sqlite3 a.db "SELECT load_extension(\'./x\')"',
    'sqlite3 a.db "SELECT edit(\'x\')"',
    "sqlite3 a.db 'SELECT writefile/**/(1,2)'",
    'sqlite3 a.db "ATTACH \'/etc/x\' AS x"',
    "sqlite3 a.db 'WITH x AS (SELECT 1) DELETE FROM users'",
    'sqlite3 a.db "VACUUM INTO \'b.db\'"',
    "sqlite3 -init x a.db 'SELECT 1'",
    "sqlite3 -cmd '.shell id' a.db 'SELECT 1'",
    "sqlite3 'file:a.db?mode=rwc' 'SELECT 1'",
    "sqlite3 /etc/a.db 'SELECT 1'",
    "sqlite3 'file:../a.db?mode=ro' 'SELECT 1'",
    "sqlite3 'file:a.db?mode=ro&vfs=x' 'SELECT 1'",
    "sqlite3 a.db 'SELECT 1' '.shell id'",
  ],
};
