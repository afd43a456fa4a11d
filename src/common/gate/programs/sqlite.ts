import { type Form, type Given, readForm } from '../form.ts';
import { onlySelects } from '../inline/sql.ts';
import type { Program, Reading } from '../program.ts';

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
    'sqlite3 a.db "SELECT 1; SELECT \';\' FROM users;"',
    "sqlite3 a.db <<'SQL'\n.mode column\n.headers on\nSELECT type, name FROM sqlite_master\n ORDER BY 1;\nPRAGMA table_info(users);\nSQL",
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
    "sqlite3 a.db 'SELECT 1; .shell id'",
    "sqlite3 a.db <<'SQL'\n.mode column\n.shell id\nSQL",
    "sqlite3 a.db <<'SQL'\nSELECT '\n.shell id\n';\nSQL",
    "sqlite3 a.db <<'SQL'\nDELETE FROM users;\nSQL",
    "sqlite3 a.db <<'SQL'\n\nSQL",
    "sqlite3 <<'SQL'\n.open a.db\nSQL",
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
