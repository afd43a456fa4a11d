import type { CallItem, ChatView, Item } from './fold.ts';

/**
 * What stands on the page, in order: single items, and runs of calls that are one quiet line each. A call gets a card of
 * its own only when it changed something, asks something, or was not allowed.
 */
export type Block =
  | { kind: 'item'; key: number; item: Item }
  | { kind: 'run'; key: number; calls: readonly CallItem[] };

/** Look lines in a row that are still shown one by one. */
const FOLD_AFTER = 5;

export function toBlocks(items: ChatView['items']): Block[] {
  const blocks: Block[] = [];
  let run: CallItem[] = [];
  const close = (): void => {
    const first = run[0];
    if (first !== undefined) blocks.push({ kind: 'run', key: first.key, calls: run });
    run = [];
  };
  for (const item of items) {
    if (item.kind === 'call' && isLine(item)) {
      run.push(item);
      continue;
    }
    close();
    blocks.push({ kind: 'item', key: item.key, item });
  }
  close();
  return blocks;
}

/** True when one line says it all. */
function isLine(call: CallItem): boolean {
  if (call.children.length > 0) return false;
  switch (call.state) {
    case 'asking':
    case 'denied':
    case 'invalid':
    case 'unknown':
      return false;
    case 'answered':
    case 'running':
    case 'error':
    case 'cancelled':
    case 'skipped':
      return true;
    case 'ok':
      return call.change === null;
  }
}

export type Line =
  | { kind: 'call'; key: number; call: CallItem }
  | { kind: 'folded'; key: number; calls: readonly CallItem[] };

/** The lines of a run; more than five looks in a row become one. */
export function toLines(calls: readonly CallItem[]): Line[] {
  const lines: Line[] = [];
  let looks: CallItem[] = [];
  const close = (): void => {
    const first = looks[0];
    if (first !== undefined && looks.length > FOLD_AFTER) lines.push({ kind: 'folded', key: first.key, calls: looks });
    else lines.push(...looks.map((call): Line => ({ kind: 'call', key: call.key, call })));
    looks = [];
  };
  for (const call of calls) {
    if (isLook(call)) {
      looks.push(call);
      continue;
    }
    close();
    lines.push({ kind: 'call', key: call.key, call });
  }
  close();
  return lines;
}

function isLook(call: CallItem): boolean {
  const kind = call.title?.kind;
  return call.state === 'ok' && (kind === 'read' || kind === 'list' || kind === 'search');
}

/** "Read 9 files, listed a folder, searched twice". */
export function summarise(calls: readonly CallItem[]): string {
  const count = (kind: string): number => calls.filter((call) => call.title?.kind === kind).length;
  const files = new Set(calls.filter((call) => call.title?.kind === 'read').map((call) => call.title?.object)).size;
  const folders = count('list');
  const searches = count('search');
  const parts = [
    files > 0 ? `read ${files === 1 ? 'a file' : `${files} files`}` : '',
    folders > 0 ? `listed ${folders === 1 ? 'a folder' : `${folders} folders`}` : '',
    searches > 0 ? `searched ${times(searches)}` : '',
  ].filter((part) => part !== '');
  const sentence = parts.join(', ');
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function times(count: number): string {
  if (count === 1) return 'once';
  return count === 2 ? 'twice' : `${count} times`;
}
