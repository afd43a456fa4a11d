import { finds, globs, reads } from '../expect.ts';
import type { Fact } from '../request.ts';
import { py, type Target, ts } from './target.ts';

function some(least: number, ...of: Fact[]): { some: { least: number; of: Fact[] } } {
  return { some: { least, of } };
}

const trackingNumbers = some(
  2,
  /check digit/i,
  /(?:read|pars|take).{0,60}(?:tracking )?numbers?/i,
  /(?:writ|format).{0,60}(?:numbers?|groups)/i,
  /prefix|digits|groups/i,
);

const seasons = some(2, /frost/i, /(?:first )?day.{0,60}(?:go out|plant)|planting/i, /\bsow(?:n|ing)?\b/i, /tender/i);

/** Questions about what a file, a function or a subject is. */
export const explainTargets: readonly Target[] = [
  ts(
    'explain_file',
    { file: 'src/trackingNumber.ts' },
    { needs: [reads('src/trackingNumber.ts')], ...trackingNumbers },
  ),
  ts(
    'explain_file',
    { file: 'src/summary.ts' },
    {
      needs: [reads('src/summary.ts')],
      ...some(2, /\blines?\b/i, /\blist\b/i, /\bday\b|\bdate\b/i, /status/i, /\blabel/i, /waiting for/i),
    },
  ),
  py(
    'explain_file',
    { file: 'allotment/report.py' },
    {
      needs: [reads('allotment/report.py')],
      ...some(2, /\bsow/i, /litres/i, /greeting/i, /texts?\b/i, /water/i, /each bed/i),
    },
  ),
  py(
    'explain_file',
    { file: 'allotment/storage/json_store.py' },
    {
      needs: [reads('allotment/storage/json_store.py')],
      ...some(2, /(?:read|load).{0,60}(?:beds|file|garden)/i, /(?:writ|sav).{0,60}(?:beds|file|garden)/i, /JSON file/i),
    },
  ),
  ts('explain_mention', { mention: '@src/trackingNumber.ts' }, { needs: 'free', ...trackingNumbers }),
  py('explain_mention', { mention: '@allotment/seasons.py' }, { needs: 'free', ...seasons }),
  ts(
    'explain_mention',
    { mention: '@src/parcel.ts' },
    {
      needs: 'free',
      facts: [/parcel/i],
      ...some(2, /\bscans?\b/i, /status/i, /finished|nothing more/i, /new parcel|creat/i),
    },
  ),
  ts(
    'explain_topic',
    { topic: 'status' },
    {
      needs: [[...globs(/status/i), ...finds(/status/i, 'src/status.ts', 'docs/statuses.md')]],
      facts: [['src/status.ts', 'docs/statuses.md']],
      ...some(1, /order in which it happens|as a person reads/i, /announced|collected|delivered|in_transit/i, /label/i),
    },
  ),
  py(
    'explain_topic',
    { topic: 'seasons' },
    {
      needs: [[...globs(/season/i), ...finds(/season/i, 'allotment/seasons.py')]],
      facts: ['seasons.py'],
      ...seasons,
    },
  ),
  ts(
    'explain_topic',
    { topic: 'store' },
    {
      needs: [[...globs(/store/i), ...finds(/store/i, 'src/store.ts')]],
      facts: ['src/store.ts'],
      ...some(1, /(?:read|load).{0,60}(?:parcels|JSON|file)/i, /(?:sav|writ).{0,60}(?:parcels|JSON|file)/i),
    },
  ),
  ts(
    'explain_function',
    { symbol: 'addWorkingDays' },
    {
      needs: [finds(/addWorkingDays/, 'src/eta.ts')],
      facts: [/working days|weekends?|saturdays/i, /\bday\b|\bdate\b/i],
    },
  ),
  ts(
    'explain_function',
    { symbol: 'findDepot' },
    {
      needs: [finds(/findDepot/, 'src/depots.ts')],
      facts: [/depot/i, /\bcode\b/i],
    },
  ),
  py(
    'explain_function',
    { symbol: 'add_plant' },
    {
      needs: [finds(/add_plant/, 'allotment/beds.py')],
      facts: [/plant/i, /\bbed\b/i],
      ...some(1, /BedFull|room|full/i, /neighbou?r/i, /puts?|adds?/i),
    },
  ),
  py(
    'explain_function',
    { symbol: 'heat_factor' },
    {
      needs: [finds(/heat_factor/, 'allotment/watering.py')],
      ...some(2, /normal day|\b1\b/i, /tenth|\b10\b|0\.1/i, /degree/i, /\bHOT\b|\b25\b/),
    },
  ),
];
