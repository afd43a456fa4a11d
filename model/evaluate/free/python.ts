import {
  changed,
  changes,
  finds,
  friendly,
  globs,
  lists,
  notDone,
  notThere,
  pleasures,
  reads,
  runs,
  tooSmall,
} from '../expect.ts';
import type { EvaluatedKind, EvaluationRequest, Expectation, RequestTurn } from '../request.ts';

const tests = /python3? -m (?:unittest|pytest)|\bpytest\b/;

/** Requests about the garden planner, in the words of the people who might ask them. */
export const freePython: readonly EvaluationRequest[] = [
  one('explain_file', 'beds', 'Explain allotment/beds.py like I never saw Python before.', {
    needs: [reads('allotment/beds.py')],
    facts: [/\bbeds?\b/i],
    some: {
      least: 2,
      of: [
        /\b(?:room|area|square met)/i,
        /neighbou?rs/i,
        /(?:puts?|adds?|plants?|adding|putting).{0,30}plants?.{0,40}\bbed/i,
        /BedFull|\bfull\b/i,
      ],
    },
  }),
  one('explain_file', 'plants', 'tell me shortly what allotment/plants.py contains', {
    needs: [reads('allotment/plants.py')],
    facts: [/plant/i, /catalogue|list of/i],
    some: { least: 1, of: [/room|square met/i, /month|sow/i, /thirst|water/i, /family|families/i, /name/i] },
  }),
  one('explain_topic', 'watering', 'which file does the watering and how does it work, roughly', {
    needs: [[...globs(/water/i), ...finds(/water/i, 'allotment/watering.py')]],
    facts: ['allotment/watering.py'],
    some: { least: 1, of: [/litres/i, /heat|degree|temperature|\bhot\b/i, /barrel/i, /thirst/i] },
  }),
  one('explain_function', 'planting-day', 'I do not understand planting_day. What does it returns?', {
    needs: [finds(/planting_day/, 'allotment/seasons.py')],
    facts: [/(?:first )?day/i, /tender|frost/i],
  }),
  one('explain_function', 'barrel', 'barrel_days - whats that for', {
    needs: [finds(/barrel_days/, 'allotment/watering.py')],
    facts: [/barrel/i, /\bdays?\b.{0,60}(?:last|enough|suffic)|(?:last|enough|suffic)|how long/i],
  }),
  one(
    'find_uses',
    'find-plant',
    'I want to change find_plant. Give me files and lines of everyone who depends on it.',
    {
      needs: [finds(/find_plant/, 'allotment/beds.py')],
      places: { of: /find_plant/, definition: /def find_plant/, want: 'uses', optional: ['tests/'] },
    },
  ),
  one('find_uses', 'litres-for', 'litres_for - who needs it?', {
    needs: [finds(/litres_for/, 'allotment/watering.py')],
    places: { of: /litres_for/, definition: /def litres_for/, want: 'uses', optional: ['tests/'] },
  }),
  one('find_definition', 'max-fill', 'in what file is MAX_FILL defined', {
    needs: [finds(/MAX_FILL/, 'allotment/beds.py')],
    places: { of: /MAX_FILL/, definition: /^MAX_FILL/, want: 'definition' },
  }),
  one('find_text', 'no-water', 'which function prints "no water needed"', {
    needs: [finds(/no water/i, 'allotment/report.py')],
    facts: [['bed_line', 'allotment/report.py']],
    places: { of: /no water needed/, want: 'all' },
  }),
  one('find_todos', 'todo', 'List every TODO comment, please.', {
    needs: [finds(/TODO/i)],
    places: { of: /TODO|FIXME/, want: 'all', optional: ['allotment/watering.py'] },
  }),
  one('list_workspace', 'files', 'what files do i have here', {
    needs: [lists('.')],
    names: { all: ['README.md', 'allotment', 'docs', 'garden.json', 'settings.json', 'tests'] },
  }),
  one('list_folder', 'docs', 'is there something to read in the docs folder? names only', {
    needs: [lists('docs')],
    names: { all: ['docs/beds.md', 'docs/frost.md'], only: true },
  }),
  one('find_files', 'json', 'do we have json around here?', {
    needs: [globs(/json/i, '.')],
    names: { all: ['garden.json', 'settings.json'] },
  }),
  one('read_lines', 'frost', 'the lines 8 and 9 from allotment/seasons.py, what do they say', {
    needs: [reads('allotment/seasons.py')],
    facts: ['LAST_FROST = (5, 12)', 'SAFETY_DAYS = 12'],
    never: [/def planting_day/],
  }),
  one('file_value', 'barrel', 'how big is my rain barrel according to settings.json', {
    needs: [finds(/barrel/i, 'settings.json')],
    facts: [/\b300\b/],
  }),
  one('constant_value', 'hot', 'when is a day HOT in degrees, I mean the constant', {
    needs: [finds(/HOT/, 'allotment/watering.py')],
    facts: [/\b25\b/],
  }),
  one('project', 'about', 'Just cloned this. What does the project do and how do I start it?', {
    needs: [reads('README.md')],
    facts: [/garden|vegetable|allotment/i, 'python3 -m allotment'],
  }),
  one('run_tests', 'all', 'could you run all the test and say how many there is', {
    needs: [runs(tests)],
    facts: [/\b(?:10|ten)\b/i],
    never: [/\b[1-9]\d* (?:tests? )?fail/i],
    runs: true,
  }),
  {
    ...one('run_tests', 'red', 'i changed something in watering, did I break a test?', {
      needs: [runs(tests)],
      facts: [/fail|br[eo]ke|does(?: not|n't) pass|not all/i, 'test_hot_day'],
      never: [/\ball (?:of )?(?:the )?(?:\d+ )?(?:tests )?pass/i],
      runs: true,
    }),
    prepare: { 'allotment/watering.py': [['degrees - HOT) / 10', 'degrees - HOT) / 20']] },
  },
  one('run_command', 'water', 'execute python3 -m allotment water 28 and show the result', {
    needs: [runs(/python3 -m allotment water 28/)],
    facts: [/south\b.{0,20}\b31\b/i, /fence\b.{0,20}\b13\b/i],
    runs: true,
  }),
  one(
    'change_text',
    'welcome',
    'the greeting "Good morning, gardener!" is too stiff, make it "Hello!"',
    changed('allotment/report.py', { 'allotment/report.py': [['Good morning, gardener!', 'Hello!']] }),
  ),
  chat('change_text_in', 'denied', [
    {
      says: 'Replace "Nothing to sow this month." by "Take a rest." in allotment/report.py',
      answer: { answer: 'reject', reason: 'wait, I have to ask Ruth first' },
      expect: { needs: [changes('allotment/report.py')], files: [{}], facts: notDone },
    },
  ]),
  one(
    'set_value',
    'climate',
    'we moved to the mountains - climate in settings.json is alpine now',
    changed('settings.json', { 'settings.json': [['"climate": "oceanic"', '"climate": "alpine"']] }),
  ),
  one(
    'change_constant',
    'safety',
    'i want SAFETY_DAYS to be 7 rather than 12',
    changed('allotment/seasons.py', { 'allotment/seasons.py': [['SAFETY_DAYS = 12', 'SAFETY_DAYS = 7']] }),
  ),
  one(
    'add_parameter',
    'rain',
    'heat_factor shall take one more thing, rain',
    changed('allotment/watering.py', {
      'allotment/watering.py': [['heat_factor(degrees):', /heat_factor\(degrees, rain(?:: \w+)?(?: ?= ?[^,)]+)?\):/]],
    }),
  ),
  one(
    'rename',
    'largest-bed',
    'largest_bed is a silly name, biggest_bed is better. can you rename it',
    changed('allotment/beds.py', { 'allotment/beds.py': [['def largest_bed', 'def biggest_bed']] }),
  ),
  one(
    'append_line',
    'notes',
    'add "- buy netting" as last line to notes.txt',
    changed('notes.txt', { 'notes.txt': [['label the shade bed\n', 'label the shade bed\n- buy netting\n']] }),
  ),
  one(
    'remove_line',
    'ruth',
    'I asked Ruth already, take the line about her leeks out of notes.txt',
    changed('notes.txt', { 'notes.txt': [['- ask Ruth about her leeks\n', '']] }),
  ),
  one('git_log', 'last', 'what was commited lately', {
    needs: [runs(/git log/)],
    facts: ['Describe the garden', 'Plan beds and water'],
    runs: true,
  }),
  one('git_branch', 'current', 'am i on main or on some other branch', {
    needs: [runs(/git (?:branch|status|rev-parse|symbolic-ref)/)],
    facts: [/\bmain\b/],
    runs: true,
  }),
  one('who', 'model', 'what kind of AI did they put in here?', friendly(/Drover/i, [/small/i, /first-run/i, /model/i])),
  one('general', 'http', 'What does HTTP stand for?', friendly(/hyper ?text transfer protocol/i)),
  one(
    'general',
    'tuple',
    'quick one: can a python tuple be changed after it was made?',
    friendly(/immutable|cannot|can't|can’t|\bno\b/i),
  ),
  one('thanks', 'cheers', 'cheers, that was all', friendly(pleasures)),
  one('judge', 'review', 'review tests/test_beds.py, is it good enough?', tooSmall),
  one('judge', 'faster', 'would a dict be faster for find_plant, what do you think', tooSmall),
  one('too_big', 'web', 'i need a web frontend with login for this', tooSmall),
  one('missing_file', 'soil', 'can you explain how allotment/soil.py works please', {
    needs: [[...finds(/soil/i, 'allotment/soil.py'), ...globs(/soil/i)]],
    facts: [/soil/i, ...notThere],
  }),
  one('explain_mention', 'frost', '@docs/frost.md how many days of safety are added?', {
    needs: 'free',
    facts: [/\b(?:12|twelve)\b/i],
  }),
  chat('several_turns', 'can-sow', [
    {
      says: 'in which file do i find can_sow',
      expect: {
        needs: [finds(/can_sow/, 'allotment/seasons.py')],
        places: { of: /can_sow/, definition: /def can_sow/, want: 'definition' },
      },
    },
    {
      says: 'ok and what does it do?',
      expect: { needs: 'free', facts: [/sow/i, /\bday\b|month|date|outside/i] },
    },
  ]),
];

function one(kind: EvaluatedKind, name: string, says: string, expect: Expectation): EvaluationRequest {
  return chat(kind, name, [{ says, expect }]);
}

function chat(kind: EvaluatedKind, name: string, turns: readonly RequestTurn[]): EvaluationRequest {
  return { id: `free-py-${kind}-${name}`, kind, set: 'free', workspace: 'python', turns };
}
