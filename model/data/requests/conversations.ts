// Several turns in one chat, with words that point back.
import { posix } from 'node:path';
import { followUps } from '../phrases/index.ts';
import { addParameter, edit, times } from './edits.ts';
import { changeConstant, changeText, changeTextIn, setValue } from './edits.ts';
import {
  explainFile,
  explainFunction,
  explainMention,
  explainTopic,
  readAndExplain,
  searchAndExplain,
} from './explain.ts';
import { newText, newValue } from './newTexts.ts';
import { code, hitsIn, need, type Play, searchable, some, type Stage, type Topic, worded } from './stage.ts';
import { explanation } from './telling.ts';
import { constantValue, findDefinition, findUses, listUses, showDefinition } from './symbols.ts';
import { findFiles, findText, findTodos, listFolder, listWorkspace, readLines } from './searches.ts';
import { fileValue, project } from './values.ts';
import { abilities, bye, general, greeting, judge, thanks, tooBig, who } from './talk.ts';
import { runTests, runThem } from './tests.ts';
import { gitBranch, gitDiff, gitLog, gitStatus, statusOf } from './git.ts';
import { appendLine, createFile, removeLine, rename } from './moreEdits.ts';
import { runCommand, runScript } from './commands.ts';

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
    chat.answer(`I found no tests for ${code(file)}: no test file has its name.`);
    return { file };
  }
  await chat.call('file_read', { path: test });
  chat.answer(explanation(need(workspace.facts.get(test), 'test'), workspace));
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
  chat.answer(`Changed it back: ${code(made.path)} is as it was before.`);
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
  chat.answer(`Changed it to "${fresh}" in ${code(made.path)}.`);
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
  findFiles,
  listFolder,
  listWorkspace,
  readLines,
  fileValue,
  constantValue,
  project,
  explainMention,
  explainTopic,
];
const talks: readonly Play[] = [general, judge, judge, tooBig, tooBig, who, abilities];
const always: readonly Play[] = [gitStatus, gitLog, gitBranch, gitDiff, runCommand, runTests, ...talks];

/** What is learned late, by what an adapter got wrong that had seen all kinds alike. */
const late: readonly Play[] = [
  runCommand,
  runCommand,
  runCommand,
  runTests,
  runTests,
  runTests,
  runScript,
  runScript,
  runScript,
  findFiles,
  findFiles,
  explainFunction,
  explainFunction,
  readLines,
  readLines,
  findUses,
  findDefinition,
  findTodos,
  listFolder,
  listWorkspace,
  constantValue,
  explainTopic,
  project,
];

/** Two to seven turns: each costs less to learn from behind another than in a chat of its own. */
export const conversation: Play = async (stage) => {
  const { random } = stage;
  if (random.chance(0.15)) await greeting(stage);
  const end = await { names, changes, mixed, testing }[random.weighted({ names: 3, changes: 2, mixed: 8, testing: 1 })](
    stage,
  );
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

/**
 * Requests that have nothing to do with one another. Changes come last, because what is known of the workspace was true
 * before them.
 */
const mixed: Play = async (stage) => {
  const { random } = stage;
  const asked = random.sample([...looks, ...late, ...always], random.int(1, 3));
  const changed = random.sample([...edits, addParameter, rename, createFile, appendLine, removeLine], random.int(0, 2));
  const last = random.chance(0.3) ? [random.pick([runTests, runTests, runScript, gitStatus, gitDiff])] : [];
  let topic: Topic = {};
  for (const play of [...asked, ...changed, ...last]) topic = await play(stage);
  return topic;
};
