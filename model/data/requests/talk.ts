// What needs no tool.
import { posix } from 'node:path';
import { answers, general as questions, phrases } from '../phrases/index.ts';
import { type Play, some, type Stage, worded } from './stage.ts';

type Said = keyof typeof answers;

function saying(kind: Said): Play {
  return async (stage) => {
    const { chat, random } = stage;
    await chat.say(worded(random, phrases[kind].taught, fileValues(stage)));
    chat.answer(answers[kind]);
    return {};
  };
}

/** A file for wordings that name one; sources mostly. */
function fileValues({ workspace, random }: Stage): Record<string, string> {
  const path = some(
    random,
    [...workspace.facts.values()].filter(({ kind }) => kind === 'source').map((each) => each.path),
    'source',
  );
  const symbol = workspace.facts.get(path)?.symbols[0]?.name;
  return { file: random.chance(0.3) ? posix.basename(path) : path, ...(symbol === undefined ? {} : { symbol }) };
}

export const greeting = saying('greeting');
export const thanks = saying('thanks');
export const bye = saying('bye');
export const who = saying('who');
export const abilities = saying('abilities');
export const judge = saying('judge');
export const tooBig = saying('too_big');

export const general: Play = async ({ chat, random }) => {
  const { question, answer } = random.pick(questions);
  await chat.say(question);
  chat.answer(answer);
  return {};
};
