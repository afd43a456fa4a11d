import type { Case, CompoundList, If } from 'unbash';
import { readAssignment } from './assignments.ts';
import { joined, keyword, type Place, refuse, understood, type Walk } from './reading.ts';
import * as because from './sentences.ts';
import { knownFor } from './substitution.ts';
import { readWord } from './words.ts';

/** Each branch of it may be gone through: which, is not known beforehand. */
export function readIf(node: If, place: Place, walk: Walk): void {
  const places: Place[] = [];
  const branch = (list: CompoundList): void => {
    const inside: Place = {
      folders: joined([...places, place]),
      sure: places.every(({ sure }) => sure === place.sure) ? place.sure : undefined,
    };
    walk.readList(list, inside, walk);
    places.push(inside);
  };
  keyword('if', node.pos, node.clause.pos, walk);
  readCondition(node.clause, place, walk);
  keyword('then', node.clause.end, node.then.pos, walk);
  branch(node.then);
  let end = node.then.end;
  for (const { clause, then } of node.elif) {
    keyword('elif', end, clause.pos, walk);
    branch(clause);
    keyword('then', clause.end, then.pos, walk);
    branch(then);
    end = then.end;
  }
  if (node.else !== undefined) {
    keyword('else', end, node.else.pos, walk);
    branch(node.else);
    end = node.else.end;
  }
  keyword('fi', end, node.end, walk);
  settleAfter(places, place);
}

/** What the one command of a condition sets is set in each branch, whether it succeeds or not: `if ! out=$(...); then`. */
function readCondition(list: CompoundList, place: Place, walk: Walk): void {
  const [only, ...others] = list.commands;
  if (only === undefined || others.length > 0 || only.background === true) return walk.readList(list, place, walk);
  const { command } = only;
  const negated = command.type === 'Pipeline' && command.commands.length === 1 ? command : undefined;
  const [inner = command] = negated?.commands ?? [];
  if (inner.type === 'AndOr' || !readAssignment(inner, place, walk)) return walk.readList(list, place, walk);
  for (const prefix of negated?.prefixes ?? []) understood(walk, prefix);
}

/** `case WORD in PATTERN) ...;; esac`: each of its lists may be gone through, or none. */
export function readCase(node: Case, place: Place, walk: Walk): void {
  const known = knownFor('echo', place, walk);
  const places: Place[] = [{ ...place }];
  understood(walk, node.word, node.word);
  if (readWord(node.word, known) === undefined) refuse(walk, because.unknownPart(node.word.text));
  keyword('case', node.pos, node.word.pos, walk);
  keyword('in', node.word.end, node.items[0]?.pos ?? node.end, walk);
  let end = node.word.end;
  for (const item of node.items) {
    const last = item.pattern.at(-1);
    const head = walk.text.slice(item.pos, item.body.pos);
    const simple =
      /^\(?\s*(?:[\w.*?/:@+-]+|"[\w.*?/ -]*"|'[^']*')(?:\s*\|\s*(?:[\w.*?/:@+-]+|"[\w.*?/ -]*"|'[^']*'))*\s*\)\s*$/.test(
        head,
      );
    if (last === undefined || !simple || item.body.commands.length === 0) return refuse(walk, because.choices);
    understood(walk, { pos: item.pos, end: item.pos + head.trimEnd().length });
    const inside = { ...place };
    walk.readList(item.body, inside, walk);
    places.push(inside);
    const behind = walk.text.slice(item.body.end, item.end);
    const [, blank = '', sign = ''] = /^(\s*)(;;&?|;&)?\s*$/.exec(behind) ?? [];
    if (behind.trim() !== sign || sign === ';&' || sign === ';;&') return refuse(walk, because.choices);
    if (sign !== '')
      understood(walk, { pos: item.body.end + blank.length, end: item.body.end + blank.length + sign.length });
    end = item.end;
  }
  keyword('esac', end, node.end, walk);
  settleAfter(places, place);
}

/** Where it stands behind parts of which one was gone through. */
function settleAfter(places: readonly Place[], place: Place): void {
  const { sure } = place;
  place.folders = joined([...places, place]);
  place.sure = places.every((each) => each.sure === sure) ? sure : undefined;
}
