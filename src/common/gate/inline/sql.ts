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

/** Tables that are files and folders. */
const files = /\b(?:fsdir|lsdir|zipfile|sqlite_db(?:data|ptr))\b/i;
const command =
  /^\.(?:(?:tables|schema|indexes|indices|databases)(?: [\w%]+)?|headers? (?:on|off)|mode (?:ascii|box|column|csv|json|line|list|markdown|quote|table|tabs)|width(?: -?\d+)+|nullvalue \w+)$/;

/** Statements of SQL that only select, by functions that are known, questions about tables, and how all that is shown. */
export function onlySelects(text: string): boolean {
  const lines = text.split('\n').map((line) => line.trim());
  // These end a statement, or begin a comment.
  if (files.test(text) || lines.some((line) => /^(?:#|(?:go|\/)\s*;?$)/i.test(line))) return false;
  const commands = lines.filter((line) => line.startsWith('.'));
  if (!commands.every((line) => command.test(line))) return false;
  const rest = lines.filter((line) => !line.startsWith('.')).join('\n');
  // What stands between quotes is data, but names of functions may be quoted as well.
  const bare = rest.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, (quoted) => quoted.charAt(0).repeat(2));
  const statements = bare.split(';').filter((each) => each.trim() !== '');
  const asked = statements.length === 1 && sqlPragmas.test(rest.trim());
  return statements.length + commands.length > 0 && (asked || statements.every(selects));
}

/** @param bare without what stands between its quotes */
function selects(bare: string): boolean {
  if (sqlPragmas.test(bare.trim())) return true;
  if (!/^\s*(?:explain\s+(?:query\s+plan\s+)?)?(?:select|with)\b/i.test(bare)) return false;
  if (/--|\/\*|[`[\]$@#:]/.test(bare) || sqlChanges.test(bare) || /["']\s*\(/.test(bare)) return false;
  // Behind `with` stands the name of what is selected first, perhaps with its columns, which is no call.
  const rest = bare.replaceAll(/(?:\bwith(?:\s+recursive)?|,)\s*\w+\s*(?:\([\w\s,]*\)\s*)?\bas\s*\(/gi, ' as (');
  return [...rest.matchAll(/(\w+)\s*\(/g)].every(([, name = '']) => sqlCalls.has(name.toLowerCase()));
}
