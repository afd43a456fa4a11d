import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Verification } from '../../src/common/audit.ts';
import { Problem } from '../../src/common/errors.ts';
import { fileProblem, usable } from '../../src/node/fileProblem.ts';
import { count } from '../../src/node/text.ts';
import { time } from '../chats.ts';
import { VERSION, headPath, keyPath, logPath, macOf, parseHead } from '../eventLog.ts';
import { allLogs, requireState } from '../recordedLogs.ts';
import { Chain, type Line, linesOf } from './chain.ts';

/**
 * Compares the log of a chat with its anchor. Only reads, so it does no harm beside a supervisor that writes; what is being
 * written in that moment is not seen yet.
 *
 * @param state the state folder
 * @throws Problem (404) when there is no such chat and never was, or no such state folder
 */
export async function verifyChat(state: string, id: string): Promise<Verification> {
  requireState(state);
  const log = logPath(state, id);
  const found = await verifyFile(state, log, id);
  if (found) return found;
  if (existsSync(headPath(state, log))) return gone(id);
  const message = `There is no chat ${JSON.stringify(id)} in ${state}.`;
  throw new Problem('no_chat', message, '`drover chats` lists those that there are.', 404);
}

/** All logs of a state folder, and those of which only the anchor is left. */
export async function verifyAll(state: string): Promise<Verification[]> {
  const all: Verification[] = [];
  for (const log of allLogs(state)) {
    const found = await verifyFile(state, log);
    if (found) all.push(found);
  }
  const folder = join(state, 'heads');
  const heads = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  for (const head of heads) {
    const name = basename(head, '.json');
    // Looked at again: a chat may have been deleted meanwhile, with its anchor.
    const left = !existsSync(join(state, 'chats', `${name}.ndjson`)) && existsSync(join(folder, head));
    if (left) all.push(gone(name));
  }
  return all;
}

function gone(chat: string): Verification {
  const text = 'Its log is gone and its anchor is there: the log was removed by something else than Drover.';
  return { chat, state: 'damaged', records: 0, covered: 0, findings: [text], notes: [], text: `DAMAGED. ${text}` };
}

/** The anchor as it is read, before the log is, which then has at least as many records. */
type Anchor =
  | { kind: 'none' }
  | { kind: 'bad'; text: string }
  | { kind: 'head'; seq: number; hash: string; sure: boolean };

function anchorOf(state: string, log: string): Anchor {
  const path = headPath(state, log);
  const text = contentOf(path)?.toString('utf8');
  if (text === undefined) return { kind: 'none' };
  const head = parseHead(text);
  if (!head) return { kind: 'bad', text: 'Its anchor cannot be read: it was changed.' };
  const key = contentOf(keyPath(state));
  const { seq, hash } = head;
  if (key === undefined) return { kind: 'head', seq, hash, sure: false };
  if (macOf(key, log, head) === head.mac) return { kind: 'head', seq, hash, sure: true };
  const bad = keyFits(state, key)
    ? 'Its anchor was not made with the key of Drover: it was changed.'
    : `Its anchor was not made with the key in ${keyPath(state)}: either of them was changed.`;
  return { kind: 'bad', text: bad };
}

/** Whether any anchor was made with this key. */
function keyFits(state: string, key: Buffer): boolean {
  const folder = join(state, 'heads');
  return readdirSync(folder).some((name) => {
    const path = join(folder, name);
    // What is no file, or may not be read, says nothing of the key.
    const readable = name.endsWith('.json') && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
    const head = readable ? parseHead(contentOf(path)?.toString('utf8') ?? '') : undefined;
    return head !== undefined && macOf(key, `${basename(name, '.json')}.ndjson`, head) === head.mac;
  });
}

/** Undefined: there is no such file. */
function contentOf(path: string): Buffer | undefined {
  try {
    return usable(path, () => readFileSync(path));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** What was seen of a log. */
interface Seen {
  chat: string | undefined;
  from: string | undefined;
  records: number;
  breaks: { line: number; text: string }[];
  /** A turn has ended in it since it was begun or copied: then it has an anchor. */
  due: boolean;
  /** What stands at the record that is anchored. */
  anchored: { hash: string; at: number | undefined } | undefined;
  /** Damage that Drover itself has found before. */
  told: { seq: number; message: string }[];
  /** Bytes of a record that is cut off. */
  torn: number;
  /** Decisions that do not name who let them pass. */
  older: number;
  /** Records of another format. */
  foreign: number;
}

async function verifyFile(state: string, log: string, id?: string): Promise<Verification | undefined> {
  try {
    const anchor = anchorOf(state, log);
    const seen = await usable(log, () => look(log, anchor.kind === 'head' ? anchor.seq : 0));
    return judged(state, id ?? seen.chat ?? basename(log, '.ndjson'), anchor, seen);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    const problem = fileProblem(error, log);
    if (problem === undefined) throw error;
    return unread(id ?? basename(log, '.ndjson'), problem);
  }
}

/** Nobody can tell whether it is whole. */
function unread(chat: string, { message, advice }: Problem): Verification {
  const text = `CANNOT BE CHECKED. ${message} ${advice}`;
  return { chat, state: 'damaged', records: 0, covered: 0, findings: [message], notes: [], text };
}

async function look(log: string, at: number): Promise<Seen> {
  const chain = new Chain();
  const seen: Seen = {
    chat: undefined,
    from: undefined,
    records: 0,
    breaks: chain.breaks,
    due: false,
    anchored: undefined,
    told: [],
    torn: 0,
    older: 0,
    foreign: 0,
  };
  let fresh = 1;
  for await (const line of linesOf(log, (bytes) => (seen.torn = bytes))) {
    chain.take(line);
    seen.records = line.number;
    if (line.number === at) seen.anchored = { hash: line.hash, at: line.link?.at };
    if (line.number === 1) fresh = beginning(line, seen);
    if (line.number > fresh && line.link?.event.type === 'turn.end') seen.due = true;
    note(line, seen);
  }
  return seen;
}

/** @returns behind how many records the chat's own begin */
function beginning({ link }: Line, seen: Seen): number {
  if (link?.event.type !== 'chat') return 1;
  const { id, from, copied } = link.event;
  seen.chat = id;
  seen.from = from;
  if (from === undefined) return 1;
  // One that was copied by a version that did not say how much.
  return copied === undefined ? Infinity : 1 + copied;
}

function note({ link, number }: Line, seen: Seen): void {
  if (link === undefined) return;
  const { v, event } = link;
  const problem = event.type === 'error' ? event.problem : undefined;
  if (problem?.code === 'log_changed') seen.told.push({ seq: number, message: problem.message });
  if (event.type === 'tool.start' && event.approver === undefined) seen.older += 1;
  if (v !== VERSION) seen.foreign += 1;
}

function judged(state: string, chat: string, anchor: Anchor, seen: Seen): Verification {
  const { records } = seen;
  const findings = findingsOf(chat, anchor, seen);
  const held = anchor.kind === 'head' && anchor.sure && seen.anchored?.hash === anchor.hash;
  const reach = held ? anchor.seq : 0;
  const intact = seen.breaks.every(({ line }) => line > reach);
  const covered = intact ? reach : 0;
  const at = held ? seen.anchored?.at : undefined;
  const verdict = findings.length > 0 ? 'damaged' : covered === 0 ? 'unanchored' : 'whole';
  return {
    chat,
    state: verdict,
    records,
    covered,
    ...(at === undefined ? {} : { anchored: at }),
    findings,
    notes: notesOf(state, seen),
    text: sentence(verdict, { records, covered, at, findings }),
  };
}

/** Alone it shows no damage, and nobody can show that there is none. */
const KEY_MISSING = 'The key of the anchors (audit.key) is missing, so nobody can tell whether its anchor is genuine.';

function findingsOf(chat: string, anchor: Anchor, seen: Seen): string[] {
  const { breaks, records, due, anchored, told } = seen;
  const findings = breaks.slice(0, 5).map(({ text }) => text);
  if (breaks.length > 5)
    findings.push(`There are ${count(breaks.length - 5, 'more place', 'more places')} like these.`);
  if (seen.chat !== undefined && seen.chat !== chat) {
    findings.push(`It is the log of another chat, ${JSON.stringify(seen.chat)}.`);
  }
  if (records === 0) findings.push('The log is empty.');
  if (anchor.kind === 'bad') findings.push(anchor.text);
  if (anchor.kind === 'none' && due) findings.push('Its anchor is missing: it was removed.');
  if (anchor.kind === 'head') {
    if (records < anchor.seq) {
      const cut =
        records + 1 === anchor.seq ? `Record ${anchor.seq} was` : `Records ${records + 1} to ${anchor.seq} were`;
      findings.push(`${cut} cut off: that many were anchored.`);
    } else if (anchored?.hash !== anchor.hash && breaks.every(({ line }) => line > anchor.seq)) {
      findings.push(`The records up to ${anchor.seq} are not those that were anchored: at least one was changed.`);
    }
    if (!anchor.sure) {
      findings.push(KEY_MISSING);
    }
  }
  return [...findings, ...told.map(({ seq, message }) => `Drover has found before, in record ${seq}: ${message}`)];
}

function notesOf(state: string, { from, torn, older, foreign }: Seen): string[] {
  const notes: string[] = [];
  if (torn > 0) {
    notes.push(
      'The last record is cut off or being written now. Drover drops one that a crash has cut off, and says so.',
    );
  }
  if (from !== undefined) notes.push(`It goes on from chat ${from}: what it has in common with that one are copies.`);
  if (older > 0) {
    const which = older === 1 ? '1 of its decisions is' : `${older} of its decisions are`;
    notes.push(`${which} from before Drover named who let them pass: that is told by the answers in the log.`);
  }
  if (foreign > 0) {
    const which = foreign === 1 ? '1 record is' : `${foreign} records are`;
    notes.push(`${which} of another version of Drover: the chain was checked, and what it says cannot be read here.`);
  }
  const key = statSync(keyPath(state), { throwIfNoEntry: false });
  if (key && process.platform !== 'win32' && (key.mode & 0o077) !== 0) {
    notes.push(`Others than you can read ${keyPath(state)}, and could forge anchors: chmod 600 it.`);
  }
  return notes;
}

function sentence(
  state: Verification['state'],
  { records, covered, at, findings }: { records: number; covered: number; at: number | undefined; findings: string[] },
): string {
  if (state === 'damaged') {
    const only = findings.every((finding) => finding === KEY_MISSING);
    return `${only ? 'CANNOT BE CHECKED' : 'DAMAGED'}. ${findings.join(' ')}`;
  }
  if (state === 'unanchored') {
    return `The chain of ${count(records, 'record')} holds; none of them is anchored yet, so nobody can tell whether all of it was written anew.`;
  }
  const anchor = `the anchor of ${time(at ?? 0)}`;
  if (covered === records) {
    return records === 1 ? `Whole: ${anchor} covers its 1 record.` : `Whole: ${anchor} covers all ${records} records.`;
  }
  const left = records - covered;
  const rest = left === 1 ? 'the last one is' : `the last ${left} are`;
  return `Whole: ${covered} of ${records} records are covered by ${anchor}; ${rest} chained but not anchored yet.`;
}
