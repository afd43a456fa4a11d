// Several turns in one chat, with words that point back.
import { posix } from 'node:path';
import { followUps } from '../phrases/index.ts';
import { addParameter, edit, times } from './edits.ts';
import { changeConstant, changeText, changeTextIn, setValue } from './edits.ts';
import { explainFile, explainFunction, explainMention, readAndExplain, searchAndExplain } from './explain.ts';
import { locate } from './naming.ts';
import { newText, newValue } from './newTexts.ts';
import { code, hitsIn, need, type Play, searchable, some, type Stage, type Topic, worded } from './stage.ts';
import { explanation } from './telling.ts';
import { constantValue, findDefinition, findUses, listUses, showDefinition } from './symbols.ts';
import { findText, findTodos, listFolder, listWorkspace, readLines } from './searches.ts';
import { fileValue, project } from './values.ts';
import { bye, general, greeting, judge, thanks, tooBig, who } from './talk.ts';
import { runTests, runThem } from './tests.ts';
import { gitBranch, gitDiff, gitLog, gitStatus, statusOf } from './git.ts';
import { createFile, rename } from './moreEdits.ts';
import { runCommand } from './commands.ts';

/** Which wordings fit: with the name, or pointing back. */
function wording(list: readonly string[], names: readonly string[], pointing: boolean): string[] {
  return list.filter((each) => {
    const used = [...each.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
    return used.length === 0 ? pointing : used.every((name) => names.includes(name));
  });
}

/** A function to go on with: the one that was spoken of, or one of the file. */
function symbolFrom(stage: Stage, topic: Topic): { symbol: NonNullable<Topic['symbol']>; named: boolean } {
  const { workspace, random } = stage;
  if (topic.symbol && topic.symbol.kind !== 'method' && searchable(workspace, topic.symbol.name))
    return { symbol: topic.symbol, named: false };
  const symbols =
    workspace.facts
      .get(topic.file ?? '')
      ?.symbols.filter(({ kind, name }) => kind === 'function' && searchable(workspace, name)) ?? [];
  return { symbol: some(random, symbols, 'symbol of the file'), named: true };
}

async function thenUses(stage: Stage, topic: Topic, pointing: boolean): Promise<Topic> {
  const { symbol, named } = symbolFrom(stage, topic);
  await stage.chat.say(
    worded(stage.random, wording(followUps.uses, ['symbol'], pointing && !named), { symbol: symbol.name }),
  );
  return listUses(stage, symbol);
}

async function thenDefinition(stage: Stage, topic: Topic): Promise<Topic> {
  const { symbol, named } = symbolFrom(stage, topic);
  await stage.chat.say(
    worded(stage.random, wording(followUps.definition, ['symbol'], !named), { symbol: symbol.name }),
  );
  return showDefinition(stage, symbol);
}

async function thenExplain(stage: Stage, topic: Topic): Promise<Topic> {
  const { random, chat, workspace } = stage;
  if (random.chance(0.5)) {
    const { symbol, named } = symbolFrom(stage, topic);
    const list = wording(followUps.explain, ['symbol'], !named).filter((each) => !/file/i.test(each));
    await chat.say(worded(random, list, { symbol: symbol.name }));
    return searchAndExplain(stage, symbol);
  }
  const others = [...workspace.facts.values()].filter(
    ({ kind, symbols, path }) => kind === 'source' && symbols.length > 0 && path !== topic.file,
  );
  const fact = some(random, others, 'other file');
  await chat.say(worded(random, wording(followUps.explain, ['file'], false), { file: fact.path }));
  await locate(stage, fact.path);
  return readAndExplain(stage, fact);
}

async function thenTests(stage: Stage, topic: Topic): Promise<Topic> {
  const { random, chat, workspace } = stage;
  const file = need(topic.file, 'file');
  if (workspace.facts.get(file)?.kind !== 'source') need(undefined, 'source file');
  const stem = posix.basename(file).replace(/\.\w+$/, '');
  await chat.say(worded(random, wording(followUps.tests_of_it, ['file'], true), { file }));
  const end = await chat.call('glob', { pattern: `**/*${stem}*` });
  const found = end.text.split('\n').filter((path) => workspace.facts.get(path)?.kind === 'test');
  const [test] = found;
  if (test === undefined) {
    chat.answer(
      random.pick([
        `I found no tests for ${code(file)}: no test file has its name.`,
        `There is no test file for ${code(file)}.`,
      ]),
    );
    return { file };
  }
  await chat.call('file_read', { path: test });
  chat.answer(explanation(need(workspace.facts.get(test), 'test'), workspace, random));
  return { file };
}

async function thenSymbolTests(stage: Stage, topic: Topic): Promise<Topic> {
  const { random, chat, workspace } = stage;
  const { symbol } = symbolFrom(stage, topic);
  await chat.say(
    worded(
      random,
      followUps.tests_of_it.filter((each) => each.includes('{symbol}')),
      { symbol: symbol.name },
    ),
  );
  const end = await chat.call('grep', { pattern: symbol.name });
  const tests = hitsIn(end.text).filter(
    ({ path, text }) => workspace.facts.get(path)?.kind === 'test' && !/\bimport\b|require\(/.test(text),
  );
  if (tests.length === 0) chat.answer(`No test uses ${code(symbol.name)}.`);
  else
    chat.answer(
      `${code(symbol.name)} is tested in ${tests
        .slice(0, 3)
        .map(({ path, line }) => code(`${path}:${line}`))
        .join(' and ')}.`,
    );
  return topic;
}

async function thenBack(stage: Stage, topic: Topic): Promise<Topic> {
  const { random, chat } = stage;
  const made = need(topic.edit, 'edit');
  if (made.new === '' || times(stage, made.path, made.new) !== 1) need(undefined, 'edit to take back');
  await chat.say(worded(random, followUps.change_back, {}));
  await edit(stage, { path: made.path, old: made.new, new: made.old });
  chat.answer(
    random.pick([
      `Changed it back: ${code(made.path)} is as it was before.`,
      `Done, ${code(made.path)} is as before.`,
      `I took the change in ${code(made.path)} back.`,
    ]),
  );
  return { file: made.path };
}

async function thenOther(stage: Stage, topic: Topic, undone: boolean): Promise<Topic> {
  const { random, chat } = stage;
  const made = need(topic.edit, 'edit');
  if (made.value === '') need(undefined, 'value');
  const current = undone ? made.old : made.new;
  const fresh = /^[\w.\-/]+$/.test(made.value) ? newValue(made.value, random) : newText(made.value, random);
  const written = made.new.replace(made.value, () => fresh);
  if (written === current || times(stage, made.path, current) !== 1) need(undefined, 'edit to go on with');
  await chat.say(worded(random, wording(followUps.again_other, ['new'], false), { new: fresh }));
  await edit(stage, { path: made.path, old: current, new: written });
  chat.answer(
    random.pick([`Changed it to "${fresh}" in ${code(made.path)}.`, `It is now "${fresh}", in ${code(made.path)}.`]),
  );
  return { file: made.path, edit: { ...made, old: current, new: written, value: fresh } };
}

async function thenRunAgain(stage: Stage): Promise<Topic> {
  await stage.chat.say(worded(stage.random, followUps.run_again, {}));
  return runThem(stage);
}

/** What asks about names: then one goes on about the same. */
const aboutNames: readonly Play[] = [explainFile, explainFunction, findUses, findDefinition, explainMention];
const edits: readonly Play[] = [changeText, changeTextIn, changeConstant, setValue, changeTextIn];
const looks: readonly Play[] = [
  explainFile,
  explainFunction,
  findUses,
  findDefinition,
  findText,
  findTodos,
  listFolder,
  listWorkspace,
  readLines,
  fileValue,
  constantValue,
  project,
  explainMention,
];
const always: readonly Play[] = [general, judge, tooBig, who, gitStatus, gitLog, gitBranch, gitDiff, runCommand];

/** Two to five turns. */
export const conversation: Play = async (stage) => {
  const { random } = stage;
  if (random.chance(0.15)) await greeting(stage);
  const end = await random.pick([names, names, changes, changes, mixed, mixed, mixed, testing])(stage);
  if (random.chance(0.2)) await random.pick([thanks, thanks, bye])(stage);
  return end;
};

const names: Play = async (stage) => {
  const { random } = stage;
  const first = random.pick(aboutNames);
  let topic = await first(stage);
  for (let turn = random.int(1, 2); turn > 0; turn--) {
    const pointing = topic.symbol !== undefined && first !== explainFile && first !== explainMention;
    const next = random.weighted({
      uses: first === findUses ? 1 : 5,
      definition: pointing && first !== findDefinition ? 3 : 0,
      explain: 4,
      tests: 2,
      symbolTests: 1,
    });
    if (next === 'uses') topic = await thenUses(stage, topic, pointing);
    else if (next === 'definition') topic = await thenDefinition(stage, topic);
    else if (next === 'explain')
      topic = await thenExplain(stage, {
        ...(topic.file === undefined ? {} : { file: topic.file }),
        ...(pointing && topic.symbol ? { symbol: topic.symbol } : {}),
      });
    else if (next === 'tests') topic = await thenTests(stage, topic);
    else topic = await thenSymbolTests(stage, topic);
  }
  return topic;
};

const changes: Play = async (stage) => {
  const { random, chat } = stage;
  let topic = await random.pick(edits)(stage);
  const next = random.weighted({ back: 3, other: 3, undone: 2, tests: 3, diff: 1 });
  if (next === 'back') topic = await thenBack(stage, topic);
  else if (next === 'other') topic = await thenOther(stage, topic, false);
  else if (next === 'undone') {
    await chat.undoLast();
    topic = random.chance(0.6) ? await thenOther(stage, topic, true) : await random.pick(always)(stage);
  } else if (next === 'tests') topic = await runTests(stage);
  else await statusOf(stage, topic.file === undefined ? [] : [{ path: topic.file, mark: ' M' }]);
  if (random.chance(0.25)) await (topic.tests === true ? thenRunAgain(stage) : runTests(stage));
  return topic;
};

const testing: Play = async (stage) => {
  const { random } = stage;
  const topic = await runTests(stage);
  if (topic.tests !== true) need(undefined, 'tests');
  if (random.chance(0.4)) await random.pick(looks)(stage);
  await thenRunAgain(stage);
  return topic;
};

/** Questions that have nothing to do with one another, perhaps a change at the end. */
const mixed: Play = async (stage) => {
  const { random } = stage;
  let topic: Topic = {};
  for (const play of random.sample([...looks, ...always], random.int(2, 4))) topic = await play(stage);
  if (random.chance(0.35)) topic = await random.pick([...edits, addParameter, rename, createFile])(stage);
  return topic;
};
