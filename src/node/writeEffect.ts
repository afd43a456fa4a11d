import type { Effect } from '../common/events.ts';
import { hiddenIn, unrevealed } from '../common/gate/hidden.ts';

/** What writing a text touches; `before` is what it stands in the place of, as the model has read it. */
export function writeEffect(path: string, text: string, before = ''): Effect {
  const seen = unrevealed(before);
  const plain = (seen === before ? text : unrevealed(text)).replace(/^\ufeff/, '');
  const known = new Set(hiddenIn(seen));
  const hidden = hiddenIn(plain).some((character) => !known.has(character));
  return hidden ? { kind: 'write', path, hidden } : { kind: 'write', path };
}
