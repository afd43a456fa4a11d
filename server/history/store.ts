import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import initSqlJs, { type Database, type SqlJsStatic, type SqlValue } from 'sql.js';
import type { HistoryHit, HistoryQuery } from '../../src/common/history.ts';
import { fileProblem } from '../../src/node/fileProblem.ts';
import { type LogRecord, parseRecord } from '../eventLog.ts';
import { queryOf } from './query.ts';

/** Raised when a table changes: a file of another version is made anew from the logs. */
const VERSION = 2;

/** Characters of a tool's result that are kept; bulky output stays out. */
const RESULT = 1000;

/** Bytes of the file. What is over it loses the oldest results of tools first, then the oldest messages. */
const LIMIT = 64 * 1024 * 1024;

const schema = `
  CREATE TABLE chat_history (
    id INTEGER PRIMARY KEY, chat_id TEXT NOT NULL, role TEXT NOT NULL, content TEXT NOT NULL, ts TEXT NOT NULL
  );
  CREATE INDEX chat_history_chat ON chat_history (chat_id);
  CREATE VIRTUAL TABLE chat_search USING fts4 (content="chat_history", content, tokenize=unicode61);
  CREATE TABLE chats (
    log TEXT PRIMARY KEY, chat_id TEXT NOT NULL, title TEXT NOT NULL, workspace TEXT NOT NULL, roots TEXT NOT NULL,
    size INTEGER NOT NULL, hash TEXT NOT NULL
  );
  PRAGMA user_version = ${VERSION};
`;

/** Marks of a match in a snippet; they cannot be in a text, because control characters are taken out of it. */
const BEGIN = '\u0001';
const END = '\u0002';

/**
 * The history: all messages of all chats in one SQLite file that any sqlite3 reads. It is derived from the event logs
 * and nothing else, so it may be removed at any time.
 */
export class HistoryStore {
  private readonly path: string;
  private readonly logs: string;
  private readonly database: Database;
  private dirty = false;
  /** Something was removed, and may stand in the file yet. */
  private removed = false;

  private constructor(path: string, logs: string, database: Database) {
    this.path = path;
    this.logs = logs;
    this.database = database;
  }

  /**
   * @param state the state folder
   * @param wasm sql.js' program
   */
  static async open(state: string, wasm: Uint8Array): Promise<HistoryStore> {
    const sql = await initSqlJs({ wasmBinary: new Uint8Array(wasm).buffer });
    const path = join(state, 'history.db');
    const kept = existsSync(path) ? load(sql, readFileSync(path)) : undefined;
    const store = new HistoryStore(path, join(state, 'chats'), kept ?? new sql.Database());
    if (!kept) store.begin();
    return store;
  }

  /** Takes in what the logs have that is not here, and forgets chats whose log is gone. */
  fold(): void {
    const known = new Map(
      this.rows('SELECT log, size, hash FROM chats').map(([log, size, hash]) => [
        String(log),
        { size: Number(size), hash: String(hash) },
      ]),
    );
    const there = existsSync(this.logs) ? readdirSync(this.logs).filter((name) => name.endsWith('.ndjson')) : [];
    this.database.run('BEGIN');
    try {
      for (const log of there) {
        if (this.foldLogThere(log, known.get(log))) known.delete(log);
      }
      for (const log of known.keys()) this.forget(log);
      this.database.run('COMMIT');
    } catch (error) {
      this.database.run('ROLLBACK');
      throw error;
    }
    this.save();
  }

  /** Newest first. */
  search({ text, workspace, limit }: HistoryQuery): HistoryHit[] {
    const query = queryOf(text);
    if (query === '') return [];
    const within =
      workspace === undefined
        ? ''
        : `AND EXISTS (
             SELECT 1 FROM json_each(chats.roots) AS root JOIN json_each($folders) AS folder ON folder.value = root.value
           )`;
    const folders = workspace === undefined ? {} : { $folders: JSON.stringify([workspace].flat()) };
    const rows = this.rows(
      `SELECT chat_history.chat_id, title, chats.workspace, role, ts, snippet(chat_search, '${BEGIN}', '${END}', '…', -1, 24)
       FROM chat_search
       JOIN chat_history ON chat_history.id = chat_search.docid
       JOIN chats ON chats.chat_id = chat_history.chat_id
       WHERE chat_search MATCH $query ${within}
       ORDER BY ts DESC, chat_history.id DESC LIMIT $limit`,
      { $query: query, $limit: limit, ...folders },
    );
    return rows.map(([chat, title, folder, role, ts, snippet]) => ({
      chat: String(chat),
      title: String(title),
      workspace: String(folder),
      role: String(role) as HistoryHit['role'],
      ts: String(ts),
      ...matches(String(snippet)),
    }));
  }

  close(): void {
    this.database.close();
  }

  private begin(): void {
    this.database.run(schema);
    this.dirty = true;
  }

  /**
   * One that cannot be read is passed over, and what is known of it stays: the supervisor tells of it.
   * @returns false when the log is gone by now, because its chat was deleted
   */
  private foldLogThere(log: string, known: { size: number; hash: string } | undefined): boolean {
    const path = join(this.logs, log);
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === false) return true;
    try {
      this.foldLog(log, known);
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
      if (fileProblem(error) !== undefined) return true;
      throw error;
    }
  }

  private foldLog(log: string, known: { size: number; hash: string } | undefined): void {
    const path = join(this.logs, log);
    if (known?.size === statSync(path).size) return;
    const more = known ? readFrom(path, known.size) : undefined;
    const grown = more !== undefined && known !== undefined && follows(more, known.hash);
    if (known && !grown) this.forget(log);
    const text = grown ? more : readFrom(path, 0);
    // A last line without an end is being written.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const lines = whole.split('\n').slice(0, -1);
    const records = lines.flatMap((line) => parseRecord(line) ?? []);
    const last = lines.at(-1);
    if (last === undefined || !this.take(log, records, grown)) return;
    const size = (grown && known ? known.size : 0) + Buffer.byteLength(whole);
    const hash = createHash('sha256').update(last).digest('hex');
    this.database.run('UPDATE chats SET size = ?, hash = ? WHERE log = ?', [size, hash, log]);
    this.dirty = true;
  }

  /** @returns false when it is no log of a chat */
  private take(log: string, records: LogRecord[], grown: boolean): boolean {
    const [first] = records;
    if (!grown) {
      if (first?.event.type !== 'chat') return false;
      const { id, title, workspace } = first.event;
      const { roots } = workspace;
      const values = [log, id, title, roots[0] ?? '', JSON.stringify(roots), 0, ''];
      this.database.run('INSERT INTO chats VALUES (?, ?, ?, ?, ?, ?, ?)', values);
    }
    const [row] = this.rows('SELECT chat_id FROM chats WHERE log = ?', [log]);
    const chat = String(row?.[0]);
    for (const record of records) this.takeRecord(chat, record);
    return true;
  }

  private takeRecord(chat: string, { event, at }: LogRecord): void {
    if (event.type === 'chat.edit' && event.title !== undefined) {
      this.database.run('UPDATE chats SET title = ? WHERE chat_id = ?', [event.title, chat]);
    }
    const said = messageOf(event);
    if (said === undefined || said.content.trim() === '') return;
    const content = withoutControls(said.content);
    const values = [chat, said.role, content, new Date(at).toISOString()];
    this.database.run('INSERT INTO chat_history (chat_id, role, content, ts) VALUES (?, ?, ?, ?)', values);
    this.database.run('INSERT INTO chat_search (docid, content) VALUES (last_insert_rowid(), ?)', [content]);
  }

  private forget(log: string): void {
    const [row] = this.rows('SELECT chat_id FROM chats WHERE log = ?', [log]);
    if (row) this.remove('chat_id = ?', [row[0] ?? null]);
    this.database.run('DELETE FROM chats WHERE log = ?', [log]);
    this.dirty = true;
  }

  /** From both tables; the index reads what it forgets from the other, so it goes first. */
  private remove(where: string, values: SqlValue[]): void {
    this.database.run(`DELETE FROM chat_search WHERE docid IN (SELECT id FROM chat_history WHERE ${where})`, values);
    this.database.run(`DELETE FROM chat_history WHERE ${where}`, values);
    this.removed = true;
  }

  /** Whole or not at all: written beside, then renamed. */
  private save(): void {
    if (!this.dirty) return;
    if (this.removed) this.wipe();
    let bytes = this.database.export();
    if (bytes.byteLength > LIMIT) bytes = this.shrunk(bytes);
    const part = `${this.path}.part`;
    writeFileSync(part, bytes, { mode: 0o600 });
    renameSync(part, this.path);
    this.dirty = false;
  }

  /** What was removed stands in free pages and in older parts of the index until both are written anew. */
  private wipe(): void {
    this.database.run("INSERT INTO chat_search (chat_search) VALUES ('optimize')");
    this.database.run('VACUUM');
    this.removed = false;
  }

  private shrunk(bytes: Uint8Array): Uint8Array {
    let now = bytes;
    for (const which of ["role = 'tool'", '1']) {
      for (let half = 0; half < 8 && now.byteLength > LIMIT; half++) {
        const [row] = this.rows(`SELECT count(*) FROM chat_history WHERE ${which}`);
        const count = Math.ceil(Number(row?.[0] ?? 0) / 2);
        this.remove(`id IN (SELECT id FROM chat_history WHERE ${which} ORDER BY ts LIMIT ${count})`, []);
        this.database.run('VACUUM');
        now = this.database.export();
      }
    }
    return now;
  }

  private rows(sql: string, values: SqlValue[] | Record<string, SqlValue> = []): SqlValue[][] {
    const statement = this.database.prepare(sql, values);
    try {
      const rows: SqlValue[][] = [];
      while (statement.step()) rows.push(statement.get());
      return rows;
    } finally {
      statement.free();
    }
  }
}

/** Undefined when it is damaged or of another version. */
function load(sql: SqlJsStatic, bytes: Uint8Array): Database | undefined {
  let database: Database | undefined;
  try {
    database = new sql.Database(bytes);
    const version = database.exec('PRAGMA user_version')[0]?.values[0]?.[0];
    const sound = database.exec('PRAGMA quick_check')[0]?.values[0]?.[0];
    if (version === VERSION && sound === 'ok') return database;
  } catch {
    // Not a database: it is made anew from the logs.
  }
  database?.close();
  return undefined;
}

function readFrom(path: string, offset: number): string {
  const descriptor = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(descriptor).size - offset));
    const length = readSync(descriptor, bytes, 0, bytes.length, offset);
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(descriptor);
  }
}

/** Whether these lines go on where the log was read to. */
function follows(text: string, hash: string): boolean {
  const line = text.slice(0, text.indexOf('\n'));
  return parseRecord(line)?.prev === hash;
}

function messageOf(event: LogRecord['event']): { role: HistoryHit['role']; content: string } | undefined {
  switch (event.type) {
    case 'user':
    case 'steered':
      return { role: 'user', content: event.text };
    case 'assistant':
      return { role: 'assistant', content: event.text };
    case 'tool.end':
      return { role: 'tool', content: event.text.slice(0, RESULT) };
    default:
      return undefined;
  }
}

function withoutControls(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they would be taken for marks of a match
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f]/g, '');
}

/** The text without marks, and where they stood: [begin, end) in characters. */
function matches(snippet: string): { text: string; matches: [number, number][] } {
  const found: [number, number][] = [];
  let text = '';
  for (const [index, part] of snippet.split(BEGIN).entries()) {
    const end = index === 0 ? -1 : part.indexOf(END);
    if (end >= 0) found.push([text.length, text.length + end]);
    text += part.replace(END, '');
  }
  return { text, matches: found };
}
