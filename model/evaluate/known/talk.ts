import { friendly, tooSmall } from '../expect.ts';
import { py, type Target, ts } from './target.ts';

const hello = friendly(/\b(?:hi|hello|hey|welcome|good (?:morning|day|evening))\b|help|do for you/i);
const pleasure = friendly(/welcome|glad|pleasure|happy|any ?time|no problem|bye|good luck|enjoy/i);
const farewell = friendly(/bye|see you|later|good|take care|next time|until|have a|farewell/i);
const self = friendly(/Drover/i, /small|first-run/i, /larger|bigger|read|search|edit|command/i);
const can = {
  ...friendly(),
  some: {
    least: 2,
    of: [/read|explain/i, /search|find|look/i, /edit|change/i, /run|command|tests/i, /small|judge|design|review/i],
  },
};

/** Messages that need no tool, and those that are beyond a small model. */
export const talkTargets: readonly Target[] = [
  ts('greeting', {}, hello),
  py('greeting', {}, hello),
  ts('thanks', {}, pleasure),
  py('thanks', {}, pleasure),
  ts('bye', {}, farewell),
  py('bye', {}, farewell),
  ts('who', {}, self),
  py('who', {}, self),
  ts('abilities', {}, can),
  py('abilities', {}, can),
  ts('general', {}, friendly(/\bOslo\b/), { says: 'Which city is the capital of Norway?' }),
  py('general', {}, friendly(/extensible mark-?up language/i), { says: 'Can you tell me what XML stands for?' }),
  ts('general', {}, friendly(/\bsun\b/i), { says: 'Is the sun or the moon the bigger one?' }),
  ts('judge', { file: 'src/trackingNumber.ts' }, tooSmall),
  ts('judge', { file: 'src/cli.ts' }, tooSmall),
  py('judge', { file: 'allotment/watering.py' }, tooSmall),
  py('judge', { file: 'allotment/storage/json_store.py' }, tooSmall),
  ts('too_big', {}, tooSmall),
  py('too_big', {}, tooSmall),
  py('too_big', {}, tooSmall),
];
