import type { LoggedEvent } from '../events.ts';
import { commandInWords } from './command.ts';

type Asked = Pick<LoggedEvent & { type: 'ask' }, 'tool' | 'effects' | 'preview' | 'grantKey'>;

/**
 * What a call that was asked about would touch: the same text for two that would touch the same. A file is the same by
 * whatever name and with whatever change, a command by its words; of all else every byte counts.
 */
export function touched({ tool, effects, preview, grantKey }: Asked): string {
  if (grantKey?.startsWith('write ') === true) return grantKey;
  const [effect, ...others] = effects;
  if (effect?.kind === 'execute' && others.length === 0) return `execute ${commandInWords(effect.command)}`;
  return JSON.stringify([tool, effects, preview]);
}
