import {
  changed,
  changes,
  finds,
  friendly,
  hellos,
  globs,
  lists,
  notDone,
  notThere,
  reads,
  runs,
  tooSmall,
} from '../expect.ts';
import type { EvaluatedKind, EvaluationRequest, Expectation, RequestTurn } from '../request.ts';

/** Requests about the parcel tracker, in the words of the people who might ask them. */
export const freeTypescript: readonly EvaluationRequest[] = [
  one('explain_file', 'eta', 'no idea what src/eta.ts is about, help?', {
    needs: [reads('src/eta.ts')],
    some: {
      least: 2,
      of: [
        /working ?days|weekend/i,
        /(?:should|when|expected|estimated?|promise).{0,60}arriv|arriv.{0,40}(?:estimat|expect|promise)/i,
        /\b(?:late|overdue)\b/i,
        /\blost\b/i,
      ],
    },
  }),
  one('explain_file', 'store', "Could you walk me through src/store.ts please? I'm new to the project.", {
    needs: [reads('src/store.ts')],
    some: {
      least: 2,
      of: [
        /(?:read|load).{0,60}(?:parcels|JSON|file)/i,
        /(?:sav|writ|stor).{0,60}(?:parcels|JSON|file)/i,
        /(?:dates?\b.{0,60}(?:turn|reviv|convert|back|text)|(?:turn|reviv|convert).{0,60}dates?\b)/i,
      ],
    },
  }),
  one('explain_file', 'depots', 'what kind of stuff is in src/depots.ts, the short version', {
    needs: [reads('src/depots.ts')],
    facts: [/depot/i],
    some: {
      least: 2,
      of: [/\bhubs?\b/i, /region/i, /\btowns?\b/i, /\bcodes?\b/i, /parcels? (?:are|is) sorted|hall\b/i],
    },
  }),
  one('explain_function', 'check-digit', 'what does checkDigit actualy do', {
    needs: [finds(/checkDigit/i, 'src/trackingNumber.ts')],
    facts: [/check digit/i],
    some: { least: 1, of: [/weight/i, /modulo|\b11\b|remainder/i, /eight digits|8 digits/i, /postal/i] },
  }),
  one('explain_function', 'hint', 'hint() in src/summary.ts - when does it say what?', {
    needs: [finds(/hint/, 'src/summary.ts')],
    some: { least: 2, of: [/lost|ask the sender/i, /\blate\b/i, /expected/i] },
  }),
  one('find_uses', 'is-late', 'which code relies on isLate being there', {
    needs: [finds(/isLate/, 'src/eta.ts')],
    places: { of: /isLate/, definition: /function isLate/, want: 'uses', optional: ['test/'] },
  }),
  one('find_uses', 'format-day', 'If I change formatDay, which places would I have to look at?', {
    needs: [finds(/formatDay/, 'src/summary.ts')],
    places: { of: /formatDay/, definition: /function formatDay/, want: 'all' },
  }),
  one('find_definition', 'carrier-of', 'cant find carrierOf. where is it written', {
    needs: [finds(/carrierOf/, 'src/carriers/index.ts')],
    places: { of: /carrierOf/, definition: /function carrierOf/, want: 'definition' },
  }),
  one('find_text', 'vans', 'i saw "No more vans from" on my screen, where is that comming from?', {
    needs: [finds(/vans/i, 'src/depots.ts')],
    places: { of: /No more vans from/, want: 'all' },
  }),
  one('find_text', 'quiet', 'I dont find where the quiet hours are set, in which file is it', {
    needs: [finds(/quiet/i, 'config/settings.json')],
    facts: ['config/settings.json'],
  }),
  one('find_todos', 'todos', 'anything left todo in the code?', {
    needs: [finds(/to.?do/i)],
    places: { of: /TODO/, want: 'all', optional: ['docs/'] },
  }),
  one('list_folder', 'carriers', 'what have we got in src/carriers', {
    needs: [lists('src/carriers')],
    names: { all: ['src/carriers/index.ts', 'src/carriers/postal.ts', 'src/carriers/swift.ts'], only: true },
  }),
  one('find_files', 'tests', 'how are the test files called, all of them', {
    needs: [globs(/test/)],
    names: { all: ['test/eta.test.ts', 'test/summary.test.ts', 'test/trackingNumber.test.ts'], only: true },
  }),
  one('read_lines', 'package', 'lines 1-6 from package.json pls', {
    needs: [reads('package.json')],
    facts: ['"name": "waypost"', '"version": "0.4.2"', '"license": "MIT"'],
    never: [/"engines"/],
  }),
  one('file_value', 'version', 'which version are we on?', {
    needs: [finds(/version/i, 'package.json')],
    facts: [/\b0\.4\.2\b/],
  }),
  one('file_value', 'refresh', 'how often does it refresh? i think its in config/settings.json', {
    needs: [finds(/refresh/i, 'config/settings.json')],
    facts: [/\b(?:15|fifteen)\b/i],
  }),
  one('constant_value', 'lost', 'After how many days does LOST_AFTER_DAYS consider a parcel lost?', {
    needs: [finds(/LOST_AFTER_DAYS/i, 'src/eta.ts')],
    facts: [/\b(?:14|fourteen)\b/i],
  }),
  one('project', 'what', 'so what is this thing?', {
    needs: [reads('README.md', 'package.json')],
    facts: [/parcel/i],
    some: { least: 1, of: [/late\b|arriv/i, /track|follow|keeps an eye/i, /where (?:each|every|a|the) parcel/i] },
  }),
  one('run_tests', 'green', 'are we green? (tests)', {
    needs: [runs(/npm (?:run )?test|npm t\b|node --test/)],
    facts: [/\b(?:12|twelve|all)\b[^.]*(?:pass|succe|green|ok)|(?:pass|succe|green)\w*[^.]*\b(?:12|twelve)\b/i],
    never: [/\b[1-9]\d* (?:tests? )?fail/i],
    runs: true,
  }),
  {
    ...one('run_tests', 'red', 'pls run the tests and tell me what breaks', {
      needs: [runs(/npm (?:run )?test|npm t\b|node --test/)],
      facts: [/\b(?:1|one)\b[^.]*fail|fail\w*[^.]*\b(?:1|one)\b/i, 'a parcel that nobody saw for three weeks is lost'],
      never: [/all (?:\d+ )?tests pass/i],
      runs: true,
    }),
    prepare: { 'src/eta.ts': [['LOST_AFTER_DAYS = 14', 'LOST_AFTER_DAYS = 40']] },
  },
  one('run_command', 'depots', 'i want to see what `node src/cli.ts depots | head -3` gives', {
    needs: [runs(/node src\/cli\.ts depots \| head -3/)],
    facts: ['Aberdeen', 'Belfast', 'Birmingham'],
    runs: true,
  }),
  chat('run_command', 'denied', [
    {
      says: 'Start it once with npm start -- list',
      answer: { answer: 'reject', reason: 'not now, I am in a meeting' },
      expect: {
        needs: [runs(/npm (?:run )?start -- list/)],
        facts: notDone,
        never: [/You are not waiting/i],
        runs: true,
      },
    },
  ]),
  one(
    'change_text',
    'empty',
    'It should say "Nothing on its way." instead of "You are not waiting for anything."',
    changed(
      'src/summary.ts',
      { 'src/summary.ts': [['You are not waiting for anything.', 'Nothing on its way.']] },
      {
        'src/summary.ts': [['You are not waiting for anything.', 'Nothing on its way.']],
        'test/summary.test.ts': [['You are not waiting for anything.', 'Nothing on its way.']],
      },
    ),
  ),
  one(
    'change_text_in',
    'today',
    "in src/status.ts please make 'Arriving today' to 'Comes today'",
    changed('src/status.ts', { 'src/status.ts': [['Arriving today', 'Comes today']] }),
  ),
  one(
    'set_value',
    'parcels',
    'we need room for 500 parcels, so raise maxParcels in config/settings.json',
    changed('config/settings.json', { 'config/settings.json': [['"maxParcels": 200', '"maxParcels": 500']] }),
  ),
  one(
    'change_constant',
    'length',
    'bump NUMBER_LENGTH to 13',
    changed('src/trackingNumber.ts', { 'src/trackingNumber.ts': [['NUMBER_LENGTH = 9', 'NUMBER_LENGTH = 13']] }),
  ),
  one(
    'add_parameter',
    'style',
    'formatDay needs one more parameter, call it style',
    changed('src/summary.ts', {
      'src/summary.ts': [['formatDay(day: Date)', /formatDay\(day: Date, style(?:\??: \w+)?(?: = [^,)]+)?\)/]],
    }),
  ),
  one(
    'create_file',
    'changes',
    'there is no CHANGELOG.md yet - begin one, first line "# Changes"',
    changed('CHANGELOG.md', { 'CHANGELOG.md': '# Changes\n' }),
  ),
  one(
    'remove_line',
    'license',
    'drop the license line from package.json',
    changed('package.json', { 'package.json': [['  "license": "MIT",\n', '']] }),
  ),
  {
    ...one('git_status', 'readme', 'did i change anything since the last commit?', {
      needs: [runs(/git (?:status|diff)/)],
      facts: ['README.md'],
      names: { all: ['README.md'], only: true },
      runs: true,
    }),
    prepare: { 'README.md': [['tells you where', 'says where']] },
  },
  one('judge', 'bugs', 'do you see any bugs in src/eta.ts?', tooSmall),
  one('too_big', 'rust', 'rewrite the whole thing in rust', tooSmall),
  one('missing_file', 'invoice', "what's in src/invoice.ts?", {
    needs: [[...finds(/invoice/i, 'src/invoice.ts'), ...globs(/invoice/i, 'src')]],
    facts: ['src/invoice.ts', ...notThere],
  }),
  one('no_match', 'address', 'does something still use parseAddress or can it go?', {
    needs: [finds(/parseAddress/i)],
    facts: ['parseAddress', ...notThere],
    places: { of: /parseAddress/, want: 'all' },
  }),
  one('explain_mention', 'swift', '@src/carriers/swift.ts how many days does this one take?', {
    needs: 'free',
    facts: [/\b(?:1|one) working day|workingDays`?(?::| is| =)? ?`?1\b|\b(?:1|one) day\b|next day/i],
  }),
  one('greeting', 'hey', 'hey, anyone home?', friendly(hellos)),
  chat('several_turns', 'store', [
    {
      says: 'open src/store.ts and tell me what it is for',
      expect: {
        needs: [reads('src/store.ts')],
        some: {
          least: 1,
          of: [/(?:read|load).{0,60}(?:parcels|JSON|file)/i, /(?:sav|writ).{0,60}(?:parcels|JSON|file)/i],
        },
      },
    },
    {
      says: 'and who uses loadParcels from it?',
      expect: {
        needs: [finds(/loadParcels/, 'src/cli.ts')],
        places: { of: /loadParcels/, definition: /function loadParcels/, want: 'uses' },
      },
    },
  ]),
  chat('several_turns', 'usage', [
    {
      says: 'where is the usage text of the command line?',
      expect: { needs: [finds(/usage/i, 'src/cli.ts')], facts: ['src/cli.ts'] },
    },
    {
      says: 'Change the word Usage in it to Syntax.',
      expect: {
        needs: [changes('src/cli.ts')],
        files: [{ 'src/cli.ts': [['Usage: waypost', 'Syntax: waypost']] }],
        facts: [/src\/cli\.ts|changed|replaced|now/i],
      },
    },
  ]),
];

function one(kind: EvaluatedKind, name: string, says: string, expect: Expectation): EvaluationRequest {
  return chat(kind, name, [{ says, expect }]);
}

function chat(kind: EvaluatedKind, name: string, turns: readonly RequestTurn[]): EvaluationRequest {
  return { id: `free-ts-${kind}-${name}`, kind, set: 'free', workspace: 'typescript', turns };
}
