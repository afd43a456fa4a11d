import type { ChatSummary } from '../src/common/protocol.ts';
import type { Asker, Effect, Grade } from '../src/common/events.ts';
import { unreachable } from '../src/common/unreachable.ts';
import type { CallItem, InterjectionItem } from './fold.ts';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 12,400 */
export function count(value: number): string {
  return whole.format(value);
}

/** 3.3k, 30k, 640 */
export function short(value: number): string {
  if (value < 1000) return whole.format(value);
  const thousands = value / 1000;
  return `${thousands < 99.95 ? thousands.toFixed(1).replace(/\.0$/, '') : whole.format(thousands)}k`;
}

/** A context size as people say it: 32k for 32,768. */
export function contextSize(tokens: number): string {
  return tokens < 1024 ? whole.format(tokens) : `${whole.format(tokens / 1024)}k`;
}

/** 98 MB, 2.6 GB */
export function bytes(value: number): string {
  if (value < 1e6) return `${whole.format(value / 1e3)} kB`;
  return value < 1e9 ? `${whole.format(value / 1e6)} MB` : `${(value / 1e9).toFixed(1)} GB`;
}

/** 0.4 s, 12.4 s, 2 min 5 s */
export function duration(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const rounded = Math.round(seconds);
  const rest = rounded % 60;
  return rest === 0 ? `${Math.floor(rounded / 60)} min` : `${Math.floor(rounded / 60)} min ${rest} s`;
}

/** "1 turn", "4 turns" */
export function plural(value: number, word: string): string {
  return `${count(value)} ${word}${value === 1 ? '' : 's'}`;
}

/** 41 tokens/s; one digit more where it counts. */
export function speed(perSecond: number): string {
  return `${perSecond < 10 ? perSecond.toFixed(1) : whole.format(perSecond)} tokens/s`;
}

/**
 * How long the rest of the prompt will take, in whole seconds, from how fast it went since `first`; undefined until
 * there is something to measure. `at` in milliseconds.
 */
export function timeLeft(
  first: { at: number; done: number },
  now: { at: number; done: number },
  total: number,
): number | undefined {
  const elapsed = (now.at - first.at) / 1000;
  const read = now.done - first.done;
  if (elapsed < 0.3 || read <= 0) return undefined;
  return Math.max(1, Math.ceil(((total - now.done) * elapsed) / read));
}

/** 10:42 today, Mon in the last week, else 12 Nov. */
export function when(time: number, now: number): string {
  const date = new Date(time);
  if (isToday(time, now)) return date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  const week = 6 * 24 * 3600 * 1000;
  if (now - time < week) return date.toLocaleDateString('en-GB', { weekday: 'short' });
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) });
}

/** True when both are the same day where the person is. */
export function isToday(time: number, now: number): boolean {
  return new Date(time).toDateString() === new Date(now).toDateString();
}

/** The second line of a chat in the list. */
export function chatDetail(chat: ChatSummary): string {
  if (chat.state === 'running' || chat.state === 'waiting') return join(agentName(chat.agent), chat.detail);
  if (chat.state === 'failed') return chat.detail;
  const fork = chat.from === undefined ? '' : 'fork';
  if (chat.turns === 0) return join(fork, 'nothing said yet');
  const changes = chat.changes === 0 ? 'no changes' : plural(chat.changes, 'change');
  return join(fork, chat.state === 'stopped' ? 'stopped' : '', plural(chat.turns, 'turn'), changes);
}

/** The last part of a path. */
export function baseName(path: string): string {
  return /[^/\\]+(?=[/\\]*$)/.exec(path)?.[0] ?? path;
}

/** Parts with a dot between them, empty ones left out. */
export function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' · ');
}

/** `coding` as a name: "Coding". */
export function agentName(agent: string): string {
  return agent.charAt(0).toUpperCase() + agent.slice(1).replaceAll(/[-_]/g, ' ');
}

/** A call as a question to a person: "Run this command?", "Change src/cart.ts?". */
export function question(call: CallItem): string {
  const object = call.title?.object ?? '';
  switch (call.title?.kind) {
    case 'run':
      return 'Run this command?';
    case 'edit':
      return call.ask?.preview.text.includes('--- /dev/null') === true ? `Create ${object}?` : `Change ${object}?`;
    case 'read':
      return `Read ${object}?`;
    case 'list':
      return `List ${object}?`;
    case 'search':
      return `Search ${object}?`;
    case 'other':
    case undefined:
      return `${call.title?.verb ?? 'Do'} ${object === '' ? 'this' : object}?`;
  }
}

/** Who asks and for what: "Coding asks, for your message:". */
export function askerWords({ agent, from }: Asker): string {
  const whom = from === 'task' ? 'for a task that another agent gave it' : 'for your message';
  return `${agentName(agent)} asks, ${whom}:`;
}

/** A call in one line: "Read src/cart.ts"; a command is its own words. */
export function lineText(call: CallItem): string {
  if (call.title === null) return 'A call that could not be understood';
  return call.title.kind === 'run' ? call.title.object : `${call.title.verb} ${call.title.object}`.trim();
}

export interface EffectLine {
  icon: string;
  text: string;
}

/** Effects in plain words, one line a kind; what the card itself already shows is left out. */
export function effectLines(call: CallItem): EffectLine[] {
  const lines: EffectLine[] = [];
  const paths = (kind: 'read' | 'write'): string[] =>
    call.effects.flatMap((effect) => (effect.kind === kind && 'path' in effect ? [effect.path] : []));
  const ofFile = call.title?.kind === 'edit' || call.title?.kind === 'read' || call.title?.kind === 'list';
  const beside = (path: string): boolean => !(ofFile && path === call.title?.object);

  const hosts = call.effects.filter((effect) => effect.kind === 'network').map((effect) => effect.host);
  if (hosts.length > 0) lines.push({ icon: 'globe', text: network(hosts) });
  const writes = paths('write').filter(beside);
  if (writes.length > 0) lines.push({ icon: 'edit', text: `changes ${writes.join(', ')}` });
  const reads = paths('read').filter(beside);
  if (reads.length > 0) lines.push({ icon: 'eye', text: `reads ${reads.join(', ')}` });
  for (const effect of call.effects) {
    const line = otherEffect(effect, call);
    if (line !== undefined) lines.push(line);
  }
  return lines;
}

function network(hosts: readonly string[]): string {
  const named = hosts.filter((host) => host !== '' && host !== '*');
  return named.length === 0 ? 'uses the network' : `uses the network: ${named.join(', ')}`;
}

function otherEffect(effect: Effect, call: CallItem): EffectLine | undefined {
  switch (effect.kind) {
    case 'read':
    case 'write':
    case 'network':
      return undefined;
    case 'execute':
      return call.ask?.preview.text.trim() === effect.command.trim() || call.title?.object === effect.command
        ? undefined
        : { icon: 'play', text: `runs ${effect.command}` };
    case 'delegate':
      return { icon: 'organization', text: `begins a chat with ${effect.agent}` };
    case 'output':
      return { icon: 'eye', text: 'reads what a command wrote' };
    case 'model':
      return { icon: 'chip', text: 'asks the model' };
    default:
      return unreachable(effect);
  }
}

/** Why a call was let through, for the head of its card. */
export function allowedBecause(call: CallItem): string {
  if (call.answer !== null) {
    if (call.answer.by === 'auto') return 'allowed by --auto-approve';
    if (call.answer.answer === 'always') return 'you always allow it';
    return call.answer.answer === 'chat' ? 'you allowed it in this chat' : 'you allowed it once';
  }
  return call.verdict?.decision === 'allow' ? call.verdict.reason : '';
}

/** How strongly a policy stepped in. */
export function gradeWords(grade: Grade): string {
  switch (grade) {
    case 'note':
      return 'note';
    case 'acknowledge':
      return 'must acknowledge';
    case 'pause':
      return 'paused';
    case 'stop':
      return 'stopped';
  }
}

/** How strongly a policy stepped in, and what became of it. */
export function standingWords({ grade, answer, heard, pausing }: InterjectionItem): string {
  if (answer === 'withdraw') return 'withdrawn';
  if (grade === 'acknowledge' && heard === 'acknowledged') return 'acknowledged';
  if (grade !== 'pause' || pausing) return gradeWords(grade);
  return answer === 'continue' ? 'continued' : 'turn ended';
}

/**
 * The parts of a sentence: `code` between back-ticks, and the name of a button between asterisks. Such a name begins
 * with a capital, so that `*.ts` stays what it is.
 */
export function proseParts(text: string): { kind: 'text' | 'code' | 'name'; text: string }[] {
  const parts: { kind: 'text' | 'code' | 'name'; text: string }[] = [];
  let end = 0;
  for (const match of text.matchAll(/`([^`\n]+)`|\*([A-Z][^*\n]*)\*/g)) {
    if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) });
    parts.push(match[1] === undefined ? { kind: 'name', text: match[2] ?? '' } : { kind: 'code', text: match[1] });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
  return parts;
}
