import { finds, globs, lists, notThere, reads } from '../expect.ts';
import { py, type Target, ts } from './target.ts';

/** Questions of where something is, and what stands there. */
export const findTargets: readonly Target[] = [
  ts(
    'find_uses',
    { symbol: 'statusLabel' },
    {
      needs: [finds(/statusLabel/, 'src/summary.ts')],
      places: { of: /statusLabel/, definition: /function statusLabel/, want: 'uses' },
    },
  ),
  ts(
    'find_uses',
    { symbol: 'loadParcels' },
    {
      needs: [finds(/loadParcels/, 'src/cli.ts')],
      places: { of: /loadParcels/, definition: /function loadParcels/, want: 'uses' },
    },
  ),
  py(
    'find_uses',
    { symbol: 'last_frost' },
    {
      needs: [finds(/last_frost/, 'allotment/seasons.py')],
      places: {
        of: /last_frost/,
        definition: /def last_frost/,
        want: 'uses',
        optional: ['tests/', 'settings.json'],
      },
    },
  ),
  py(
    'find_uses',
    { symbol: 'save_garden' },
    {
      needs: [finds(/save_garden/)],
      facts: ['save_garden', ...notThere],
      places: { of: /save_garden/, want: 'all' },
    },
  ),
  ts(
    'find_definition',
    { symbol: 'describeDepot' },
    {
      needs: [finds(/describeDepot/, 'src/depots.ts')],
      places: { of: /describeDepot/, definition: /function describeDepot/, want: 'definition' },
    },
  ),
  ts(
    'find_definition',
    { symbol: 'createParcel' },
    {
      needs: [finds(/createParcel/, 'src/parcel.ts')],
      places: { of: /createParcel/, definition: /function createParcel/, want: 'definition' },
    },
  ),
  py(
    'find_definition',
    { symbol: 'BedFull' },
    {
      needs: [finds(/BedFull/, 'allotment/beds.py')],
      places: { of: /BedFull/, definition: /class BedFull/, want: 'definition' },
    },
  ),
  ts(
    'find_text',
    { text: 'please ask the sender' },
    {
      needs: [finds(/ask the sender/i, 'src/summary.ts')],
      places: { of: /please ask the sender/, want: 'all' },
    },
  ),
  ts(
    'find_text',
    { text: 'Back to the sender' },
    {
      needs: [finds(/back to the sender/i, 'src/status.ts')],
      places: { of: /back to the sender/i, want: 'all', optional: ['docs/'] },
    },
  ),
  py(
    'find_text',
    { text: 'Nothing to sow' },
    {
      needs: [finds(/nothing to sow/i, 'allotment/report.py')],
      places: { of: /Nothing to sow/, want: 'all' },
    },
  ),
  py(
    'find_text',
    { text: 'greenhouse' },
    { needs: [finds(/greenhouse/i)], facts: notThere, places: { of: /greenhouse/, want: 'all' } },
  ),
  ts('find_todos', {}, { needs: [finds(/to.?do/i)], places: { of: /TODO/, want: 'all', optional: ['docs/'] } }),
  py(
    'find_todos',
    {},
    {
      needs: [finds(/to.?do/i)],
      places: { of: /TODO|FIXME/, want: 'all', optional: ['allotment/watering.py', 'notes.txt'] },
    },
  ),
  ts(
    'list_folder',
    { folder: 'docs' },
    { needs: [lists('docs')], names: { all: ['docs/carriers.md', 'docs/statuses.md'], only: true } },
  ),
  py(
    'list_folder',
    { folder: 'tests' },
    {
      needs: [lists('tests')],
      names: {
        all: ['tests/__init__.py', 'tests/test_beds.py', 'tests/test_seasons.py', 'tests/test_watering.py'],
        only: true,
      },
    },
  ),
  py(
    'list_folder',
    { folder: 'allotment/storage' },
    {
      needs: [lists('allotment/storage')],
      names: { all: ['allotment/storage/__init__.py', 'allotment/storage/json_store.py'], only: true },
    },
  ),
  ts(
    'list_workspace',
    {},
    { needs: [lists('.')], names: { all: ['README.md', 'config', 'docs', 'package.json', 'src', 'test'] } },
  ),
  py(
    'list_workspace',
    {},
    {
      needs: [lists('.')],
      names: { all: ['README.md', 'allotment', 'docs', 'garden.json', 'notes.txt', 'settings.json', 'tests'] },
    },
  ),
  ts(
    'find_files',
    { what: 'Markdown files' },
    { needs: [globs(/md/)], names: { all: ['README.md', 'docs/carriers.md', 'docs/statuses.md'], only: true } },
  ),
  ts(
    'find_files',
    { what: 'JSON files' },
    { needs: [globs(/json/i)], names: { all: ['package.json', 'config/settings.json'], only: true } },
  ),
  py(
    'find_files',
    { what: 'test files' },
    {
      needs: [globs(/test/)],
      names: { all: ['tests/test_beds.py', 'tests/test_seasons.py', 'tests/test_watering.py'] },
    },
  ),
  ts(
    'read_lines',
    { file: 'src/eta.ts', from: '29', to: '32' },
    {
      needs: [reads('src/eta.ts')],
      facts: ['export function isLate(parcel: Parcel, now: Date): boolean {', 'bank holidays are not passed over yet'],
      never: [/function isLost/],
    },
  ),
  py(
    'read_lines',
    { file: 'allotment/watering.py', from: '5', to: '6' },
    {
      needs: [reads('allotment/watering.py')],
      facts: ['LITRES_PER_SQUARE_METRE = 4', 'HOT = 25'],
      never: [/def litres_for/],
    },
  ),
  py(
    'read_lines',
    { file: 'allotment/plants.py', from: '448', to: '450' },
    {
      needs: [reads('allotment/plants.py')],
      facts: ['thirst=1.1', 'sow_from=3', 'sow_until=8'],
      never: [/room=/],
    },
  ),
  ts('file_value', { key: 'locale', file: 'config/settings.json' }, value(/locale/i, 'config/settings.json', /en-GB/)),
  ts('file_value', { key: 'license', file: 'package.json' }, value(/license/i, 'package.json', /\bMIT\b/)),
  py('file_value', { key: 'last_frost', file: 'settings.json' }, value(/frost/i, 'settings.json', /\b05-12\b/)),
  ts('constant_value', { symbol: 'MAX_LABEL' }, value(/MAX_LABEL/, 'src/summary.ts', /\b24\b/)),
  ts('constant_value', { symbol: 'NUMBER_LENGTH' }, value(/NUMBER_LENGTH/, 'src/trackingNumber.ts', /\b9\b/)),
  py('constant_value', { symbol: 'MAX_FILL' }, value(/MAX_FILL/, 'allotment/beds.py', /\b0\.9\b/)),
];

function value(pattern: RegExp, path: string, fact: RegExp): Target['expect'] {
  return { needs: [finds(pattern, path)], facts: [fact] };
}
