import type { TestExpression, Word } from 'unbash';
import { addPaths, type Place, refuse, scopeAt, understood, type Walk } from './reading.ts';
import { conditions as beyond } from './sentences.ts';
import { knownFor } from './substitution.ts';
import { readWord } from './words.ts';

const ofFiles = new Set('-a -e -f -d -r -w -x -s -L -h -b -c -p -S -g -u -k -O -G -N'.split(' '));
const ofTexts = new Set(['-n', '-z']);
const betweenFiles = new Set(['-nt', '-ot', '-ef']);
const betweenTexts = new Set(['=', '==', '!=', '<', '>', '=~']);
const betweenNumbers = new Set(['-eq', '-ne', '-lt', '-le', '-gt', '-ge']);

/**
 * What stands between `[[` and `]]`. Left out are `-v` and `-R`, for which the shell runs what stands in the index of a name;
 * and of two numbers everything but numbers, for the same reason.
 */
export function readConditions(expression: TestExpression, place: Place, walk: Walk): void {
  switch (expression.type) {
    case 'TestLogical':
      readLogical(expression, place, walk);
      return;
    case 'TestNot':
      for (const negation of expression.negations) understood(walk, negation);
      readConditions(expression.operand, place, walk);
      return;
    case 'TestGroup':
      return refuse(walk, beyond);
    case 'TestUnary':
      understood(walk, { pos: expression.pos, end: expression.pos + expression.operator.length });
      if (!walk.text.startsWith(expression.operator, expression.pos)) return refuse(walk, beyond);
      if (ofFiles.has(expression.operator)) return readFile(expression.operand, place, walk);
      return ofTexts.has(expression.operator) ? readText(expression.operand, place, walk) : refuse(walk, beyond);
    case 'TestBinary':
      return readCompared(expression, place, walk);
    default:
      return refuse(walk, beyond);
  }
}

function readLogical({ operands }: TestExpression & { type: 'TestLogical' }, place: Place, walk: Walk): void {
  for (const each of operands) readConditions(each, place, walk);
}

function readCompared(
  { left, operator, right }: TestExpression & { type: 'TestBinary' },
  place: Place,
  walk: Walk,
): void {
  const between = walk.text.slice(left.end, right.pos);
  const [, blank = ''] = /^(\s*)\S+\s*$/.exec(between) ?? [];
  if (between.trim() !== operator) return refuse(walk, beyond);
  understood(walk, { pos: left.end + blank.length, end: left.end + blank.length + operator.length });
  if (betweenFiles.has(operator)) {
    readFile(left, place, walk);
    readFile(right, place, walk);
  } else if (betweenNumbers.has(operator)) {
    if (![left, right].every(({ text }) => /^-?\d+$/.test(text))) refuse(walk, beyond);
    understood(walk, left, left);
    understood(walk, right, right);
  } else if (betweenTexts.has(operator)) {
    readText(left, place, walk);
    readPattern(right, place, walk);
  } else refuse(walk, beyond);
}

/** No pattern is one of files there. */
function readFile(word: Word, place: Place, walk: Walk): void {
  understood(walk, word, word);
  const [only, ...others] = readWord(word, { scope: scopeAt(walk, place) }) ?? [];
  if (only === undefined || others.length > 0 || (only.glob && only.one !== true)) return refuse(walk, beyond);
  addPaths([{ effect: 'read', path: only.text, glob: only.glob, nameOnly: true }], place, walk);
}

function readText(word: Word, place: Place, walk: Walk): void {
  understood(walk, word, word);
  // As what is printed: no name of a file.
  if (readWord(word, knownFor('echo', place, walk)) === undefined) refuse(walk, beyond);
}

/** A pattern is compared with a text, and a regular expression is one where it holds no sign of the shell. */
function readPattern(word: Word, place: Place, walk: Walk): void {
  if (/^[\w.^*?$+|/@:=()[\]-]+$/.test(word.text) && !/\$[\w([]/.test(word.text)) understood(walk, word, word);
  else readText(word, place, walk);
}
