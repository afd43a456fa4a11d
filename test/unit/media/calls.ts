import type { CallItem } from '../../../media/fold.ts';

let key = 0;
/** A call that went well, of which only what matters is named. */
export function call(
  kind: 'read' | 'list' | 'search' | 'edit' | 'run',
  object: string,
  more: Partial<CallItem> = {},
): CallItem {
  key += 1;
  return {
    kind: 'call',
    key,
    id: `c${key}`,
    tool: kind,
    title: { kind, verb: 'Did', object },
    effects: [],
    verdict: null,
    state: 'ok',
    ask: null,
    answer: null,
    summary: '',
    text: '',
    output: '',
    change: null,
    children: [],
    undo: null,
    ...more,
  };
}
