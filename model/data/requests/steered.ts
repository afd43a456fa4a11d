// The person says something while the model works.
import { steers } from '../phrases/index.ts';
import { linesOf } from '../workspace/workspace.ts';
import { explainFile, explainFunction, explainTopic, someFile, someSymbol } from './explain.ts';
import { ask, code, hitsIn, need, type Play, some, type Stage } from './stage.ts';
import { explanation } from './telling.ts';
import { runTests } from './tests.ts';
import { changeText, changeTextIn } from './edits.ts';
import { findUses } from './symbols.ts';
import { rename } from './moreEdits.ts';

/** A question that is answered in passing; then the work goes on. */
export const steeredQuestion: Play = async (stage) => {
  const { chat, random } = stage;
  const { ask: question, answer } = random.pick(steers.question);
  const play = random.pick([
    explainFunction,
    explainTopic,
    runTests,
    changeText,
    changeTextIn,
    rename,
    explainFile,
    findUses,
    explainFunction,
    runTests,
  ]);
  chat.steerLater(1, question, answer);
  const topic = await play(stage);
  if (!chat.steered) need(undefined, 'call to steer after');
  return topic;
};

function instruction({ random }: Stage, pattern: RegExp): string {
  return some(
    random,
    steers.instruction.filter((each) => pattern.test(each)),
    'instruction',
  );
}

/** What changes the course of the work. */
export const steeredCourse: Play = (stage) =>
  stage.random.pick([stop, stop, noEdit, noRun, onlyPlace, brief, firstOnly])(stage);

const stop: Play = async (stage) => {
  const { chat, random } = stage;
  if (random.chance(0.5)) {
    await ask(stage, 'run_tests');
    await chat.call('file_read', { path: '.' });
  } else {
    const symbol = someSymbol(stage);
    await ask(stage, 'explain_function', { symbol: symbol.name });
    await chat.call('grep', { pattern: symbol.name });
  }
  chat.steer(instruction(stage, /Never mind|Forget it|Cancel that/));
  chat.answer('All right, I have stopped.');
  return {};
};

const noEdit: Play = async (stage) => {
  const { chat, workspace, random } = stage;
  const { text, file } = some(
    random,
    workspace.texts.filter(({ text: each }) => each.length > 6 && !/[`"{}\\]/.test(each)),
    'text',
  );
  const line = linesOf(workspace, file).findIndex((each) => each.includes(text)) + 1;
  await ask(stage, 'change_text', { old: text, new: `${text} now` });
  const end = await chat.call('grep', { pattern: text.split(/[()?*+$^[\]|]/)[0] ?? text });
  if (hitsIn(end.text).length !== 1) need(undefined, 'single hit');
  chat.steer(instruction(stage, /(?:not|n't) (?:change any|edit)|only look/i));
  chat.answer(`All right, I changed nothing. The text appears in ${code(`${file}:${line}`)}.`);
  return {};
};

const noRun: Play = async (stage) => {
  const { chat, workspace } = stage;
  const command = need(workspace.tests?.command, 'tests');
  if (command === 'make test') need(undefined, 'command that is known at once');
  await ask(stage, 'run_tests');
  await chat.call('file_read', { path: '.' });
  chat.steer(instruction(stage, /(?:not|n't) run|No commands/i));
  chat.answer(`All right, I ran nothing. The command would be ${code(command)}.`);
  return {};
};

const onlyPlace: Play = async (stage) => {
  const { chat } = stage;
  const symbol = someSymbol(stage);
  await ask(stage, 'find_definition', { symbol: symbol.name });
  await chat.call('grep', { pattern: symbol.name });
  chat.steer(instruction(stage, /path and line/));
  chat.answer(code(`${symbol.file}:${symbol.line}`));
  return {};
};

const brief: Play = async (stage) => {
  const { chat, workspace } = stage;
  const fact = someFile(stage);
  await ask(stage, 'explain_file', { file: fact.path });
  await chat.call('file_read', { path: fact.path });
  chat.steer(instruction(stage, /one sentence|Be brief|short|Be quick|One sentence/i));
  const [first = ''] = explanation(fact, workspace).split(/\n\n|(?<=[.]) (?=`|It)/);
  chat.answer(first.replace(/:$/, '.'));
  return {};
};

const firstOnly: Play = async (stage) => {
  const { chat } = stage;
  const symbol = someSymbol(stage);
  await ask(stage, 'find_uses', { symbol: symbol.name });
  const end = await chat.call('grep', { pattern: symbol.name });
  const use = need(
    hitsIn(end.text).find(({ path, line }) => path !== symbol.file || line !== symbol.line),
    'use',
  );
  chat.steer(instruction(stage, /first (?:one|match)|when you have found/i));
  chat.answer(`The first use of ${code(symbol.name)} is in ${code(`${use.path}:${use.line}`)}.`);
  return {};
};
