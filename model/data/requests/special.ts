// Circumstances: long files, results that are cut, requests without a file, roles that only look.
import { code, type Hit, hitsIn, need, type Play, points, some, ask, type Stage } from './stage.ts';
import { readAndExplain, someFile } from './explain.ts';
import { bareFact } from '../workspace/make.ts';
import type { FileFact } from '../workspace/workspace.ts';

/** A source with a table of many short lines, put into the workspace. */
function addLongFile({ workspace, chat, random }: Stage): FileFact {
  const record = random.pick(workspace.domain.records);
  const prefix = `${random.pick(['K', 'R', 'T', 'Q'])}${random.pick(['X', 'A', 'Z', '7'])}`;
  const words = record.one.replaceAll(' ', '_');
  const told = random.pick([
    `the codes of all ${record.many}`,
    `a long table of ${record.one} codes`,
    `codes of ${record.many}, one a line`,
  ]);
  const python = workspace.language === 'python';
  const path = python ? `${words}_codes.py` : `${words.replaceAll('_', '-')}-codes.js`;
  const name = python
    ? `is_${words}_code`
    : `is${record.one
        .split(' ')
        .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
        .join('')}Code`;
  const rows = Array.from({ length: random.int(420, 700) }, (_, index) => `  '${prefix}-${100 + index}',`);
  const doing = random.pick([
    `tells whether a text is the code of a ${record.one}`,
    `checks if a ${record.one} has this code`,
  ]);
  const sentence = `${doing.charAt(0).toUpperCase()}${doing.slice(1)}.`;
  const head = `${told.charAt(0).toUpperCase()}${told.slice(1)}.`;
  const lines = python
    ? [
        `"""${head}"""`,
        '',
        '',
        `def ${name}(text):`,
        `    """${sentence}"""`,
        '    return text in CODES',
        '',
        '',
        'CODES = [',
        ...rows,
        ']',
      ]
    : [
        `// ${head}`,
        '',
        `/** ${sentence} */`,
        `export function ${name}(text) {`,
        '  return codes.includes(text);',
        '}',
        '',
        'export const codes = [',
        ...rows,
        '];',
      ];
  const line = python ? 4 : 4;
  const fact: FileFact = {
    ...bareFact(path, 'source'),
    purpose: head.slice(0, -1),
    symbols: [
      {
        name,
        kind: 'function',
        file: path,
        line,
        signature: lines[line - 1] ?? '',
        told: sentence.slice(0, -1),
        parameters: ['text'],
        returns: true,
      },
    ],
  };
  if (workspace.files.has(path)) need(undefined, 'free path');
  workspace.files.set(path, `${lines.join('\n')}\n`);
  workspace.facts.set(path, fact);
  chat.put(path, `${lines.join('\n')}\n`);
  return fact;
}

export const explainLong: Play = async (stage) => {
  const fact = addLongFile(stage);
  await ask(stage, 'explain_file', { file: fact.path });
  return readAndExplain(stage, fact);
};

export const tooManyHits: Play = async (stage) => {
  const { chat } = stage;
  const fact = addLongFile(stage);
  const [, prefix = ''] = /'(\w+-)\d+'/.exec(chat.get(fact.path)) ?? [];
  await ask(stage, 'find_text', { text: prefix });
  const hits = hitsIn((await chat.call('grep', { pattern: prefix })).text).map(({ path, line }: Hit) =>
    code(`${path}:${line}`),
  );
  chat.answer(`"${prefix}" appears in more than 100 lines. The first are:\n\n${points(hits.slice(0, 5))}`);
  return {};
};

const thisFile = [
  'Explain this file.',
  'What does this file do?',
  'explain this',
  'What is this file for?',
  'Summarise this file, please.',
  'Tell me what this file does.',
  'What is this?',
  'describe the open file',
];

/** The editor says which file is open. */
export const explainOpen: Play = async (stage) => {
  const { chat, random } = stage;
  const fact = someFile(stage);
  await chat.say(random.pick(thisFile), { [random.pick(['open_file', 'file', 'active_file', 'editor'])]: fact.path });
  return readAndExplain(stage, fact);
};

/** No file is named and none is known: asks. */
export const whichFile: Play = async ({ chat, random }) => {
  await chat.say(random.pick(thisFile));
  chat.answer('Which file do you mean? Name it, or mention it with @.');
  return {};
};

/** The supervisor agent has no tool for it; another agent has. */
export const wrongRole: Play = async (stage) => {
  const { chat, random, workspace } = stage;
  if (random.chance(0.5)) {
    const { text, file } = some(
      random,
      workspace.texts.filter(({ text: each }) => each.length > 6 && !/[`"{}\\]/.test(each)),
      'text',
    );
    await ask(stage, 'change_text_in', { old: text, new: `${text} now`, file });
    await chat.call('file_edit', { path: file, old_text: text, new_text: `${text} now` }, { outcome: 'denied' });
    chat.answer('I can only look here, so nothing was changed. Ask the coding agent for this change.');
    return {};
  }
  const command = random.pick(['npm test', 'npm run build', 'make', 'git status', 'python3 -m pytest', 'ls -la']);
  await ask(stage, 'run_command', { command });
  await chat.call('bash', { command }, { outcome: 'denied' });
  chat.answer(`I can only look here, so ${code(command)} was not run. Ask the coding agent.`);
  return {};
};
