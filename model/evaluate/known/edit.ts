import { changed, changes, finds, notDone, notThere, reads } from '../expect.ts';
import { py, type Target, ts } from './target.ts';

/** Requests that change files. */
export const editTargets: readonly Target[] = [
  ts(
    'change_text',
    { old: 'On its way', new: 'Travelling' },
    changed(
      'src/status.ts',
      { 'src/status.ts': [['On its way', 'Travelling']] },
      {
        'src/status.ts': [['On its way', 'Travelling']],
        'test/summary.test.ts': [['On its way', 'Travelling']],
      },
    ),
  ),
  ts(
    'change_text',
    { old: 'No more vans from', new: 'No further vans from' },
    changed('src/depots.ts', { 'src/depots.ts': [['No more vans from', 'No further vans from']] }),
  ),
  py(
    'change_text',
    { old: 'no water needed', new: 'stays dry' },
    changed('allotment/report.py', { 'allotment/report.py': [['no water needed', 'stays dry']] }),
  ),
  py(
    'change_text',
    { old: 'Good evening, farmer!', new: 'Hello!' },
    {
      needs: [[...finds(/evening|farmer/i, 'allotment/report.py'), ...changes('allotment/report.py')]],
      facts: notThere,
      files: [{}],
    },
  ),
  ts(
    'change_text_in',
    { old: 'please ask the sender', new: 'probably lost', file: 'src/summary.ts' },
    changed('src/summary.ts', { 'src/summary.ts': [['please ask the sender', 'probably lost']] }),
  ),
  py(
    'change_text_in',
    { old: 'You can sow now:', new: 'Time to sow:', file: 'allotment/report.py' },
    changed('allotment/report.py', { 'allotment/report.py': [['You can sow now:', 'Time to sow:']] }),
  ),
  py(
    'change_text_in',
    { old: 'a second rain barrel', new: 'a pond', file: 'notes.txt' },
    { needs: [changes('notes.txt')], files: [{}], facts: notDone },
    { answer: { answer: 'reject', reason: 'leave my notes alone' } },
  ),
  ts(
    'change_constant',
    { symbol: 'LOST_AFTER_DAYS', new: '21' },
    changed('src/eta.ts', { 'src/eta.ts': [['LOST_AFTER_DAYS = 14', 'LOST_AFTER_DAYS = 21']] }),
  ),
  ts(
    'change_constant',
    { symbol: 'MAX_LABEL', new: '30' },
    changed('src/summary.ts', { 'src/summary.ts': [['MAX_LABEL = 24', 'MAX_LABEL = 30']] }),
  ),
  py(
    'change_constant',
    { symbol: 'LITRES_PER_SQUARE_METRE', new: '5' },
    changed('allotment/watering.py', {
      'allotment/watering.py': [['LITRES_PER_SQUARE_METRE = 4', 'LITRES_PER_SQUARE_METRE = 5']],
    }),
  ),
  ts(
    'set_value',
    { key: 'refreshMinutes', new: '30', file: 'config/settings.json' },
    changed('config/settings.json', { 'config/settings.json': [['"refreshMinutes": 15', '"refreshMinutes": 30']] }),
  ),
  ts(
    'set_value',
    { key: 'version', new: '0.5.0', file: 'package.json' },
    changed('package.json', { 'package.json': [['"version": "0.4.2"', '"version": "0.5.0"']] }),
  ),
  py(
    'set_value',
    { key: 'rain_barrel_litres', new: '500', file: 'settings.json' },
    changed('settings.json', { 'settings.json': [['"rain_barrel_litres": 300', '"rain_barrel_litres": 500']] }),
  ),
  ts(
    'add_parameter',
    { symbol: 'loadParcels', param: 'limit' },
    changed('src/store.ts', {
      'src/store.ts': [
        ['loadParcels(path: string)', /loadParcels\(path: string, limit(?:\??: [\w[\]]+)?(?: = [^,)]+)?\)/],
      ],
    }),
  ),
  py(
    'add_parameter',
    { symbol: 'plants_of', param: 'tender' },
    changed('allotment/plants.py', {
      'allotment/plants.py': [['plants_of(family):', /plants_of\(family, tender(?:: \w+)?(?: ?= ?[^,)]+)?\):/]],
    }),
  ),
  py(
    'add_parameter',
    { symbol: 'last_frost', param: 'region' },
    changed('allotment/seasons.py', {
      'allotment/seasons.py': [['def last_frost(year):', /def last_frost\(year, region(?:: \w+)?(?: ?= ?[^,)]+)?\):/]],
    }),
  ),
  ts(
    'rename',
    { symbol: 'isWeekend', new: 'isDayOff' },
    changed('src/eta.ts', {
      'src/eta.ts': [
        ['if (!isWeekend(day))', 'if (!isDayOff(day))'],
        ['function isWeekend', 'function isDayOff'],
      ],
    }),
  ),
  py(
    'rename',
    { symbol: 'bed_line', new: 'line_for' },
    changed('allotment/report.py', {
      'allotment/report.py': [
        ['join(bed_line(', 'join(line_for('],
        ['def bed_line', 'def line_for'],
      ],
    }),
  ),
  ts(
    'create_file',
    { file: 'docs/install.md', text: 'Nothing has to be installed.' },
    changed('docs/install.md', { 'docs/install.md': 'Nothing has to be installed.\n' }),
  ),
  py(
    'create_file',
    { file: 'AUTHORS.txt', text: 'Ruth and Robin' },
    changed('AUTHORS.txt', { 'AUTHORS.txt': 'Ruth and Robin\n' }),
  ),
  ts(
    'append_line',
    { file: '.gitignore', text: '*.log' },
    changed('.gitignore', { '.gitignore': 'node_modules/\nparcels.json\n*.log\n' }),
  ),
  py(
    'append_line',
    { file: 'notes.txt', text: '- mend the fence' },
    changed('notes.txt', { 'notes.txt': [['shade bed\n', 'shade bed\n- mend the fence\n']] }),
  ),
  ts(
    'remove_line',
    { file: 'README.md', text: 'Questions go to the mailing list, waypost@lists.example.' },
    changed(
      'README.md',
      { 'README.md': [['Questions go to the mailing list, waypost@lists.example.\n', '']] },
      { 'README.md': [['\nQuestions go to the mailing list, waypost@lists.example.\n', '']] },
    ),
  ),
  py(
    'remove_line',
    { file: 'docs/beds.md', text: '- An empty bed gets a green manure.' },
    changed('docs/beds.md', { 'docs/beds.md': [['- An empty bed gets a green manure.\n', '']] }),
  ),
  py(
    'remove_line',
    { file: 'docs/soil.md', text: 'Dig twice.' },
    { needs: [reads('docs/soil.md')], facts: ['docs/soil.md', ...notThere], files: [{}] },
  ),
];
