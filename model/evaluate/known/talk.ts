import { friendly, hellos, pleasures, tooSmall } from '../expect.ts';
import { py, type Target, ts } from './target.ts';

const hello = friendly(hellos);
const pleasure = friendly(pleasures);
const farewell = friendly(/bye|see you|later|good|take care|next time|until|have a|farewell|enjoy/i);
const self = friendly(/Drover/i, /small|first-run/i);
const can = {
  ...friendly(),
  some: {
    least: 2,
    of: [
      /read|explain/i,
      /search|find|look/i,
      /edit|change/i,
      /run|command|tests/i,
      /small|larger|judge|design|review/i,
    ],
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
