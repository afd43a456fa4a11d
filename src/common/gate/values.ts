import type { Assignment, Word, WordPart } from 'unbash';
import type { Given } from './form.ts';
import { type Place, scopeAt, type Walk } from './reading.ts';
import { isOwnName } from './settings.ts';
import { knownFor, readSubstitution } from './substitution.ts';
import { anyNumber, readWord, type Value } from './words.ts';

/** The value of an assignment, where it is known. */
export function valueOf({ value, append, index }: Assignment, place: Place, walk: Walk): string | undefined {
  if (append === true || index !== undefined || value.type !== 'Word') return undefined;
  if (value.text === '') return '';
  // Behind `=` and `:` the shell would put the home folder in the place of `~`.
  if (/(?:^|:)~/.test(value.text)) return undefined;
  const [only, ...others] =
    readWord(value, {
      scope: scopeAt(walk, place),
      assigned: true,
      substitution: (part) => (/^\$\(pwd\)$/.test(part.text) ? readSubstitution(part, place, walk) : undefined),
    }) ?? [];
  return only === undefined || others.length > 0 || only.below !== undefined ? undefined : only.text;
}

/** What `NAME=value` alone sets its variable to; undefined: that is more than a value for this line. */
export function assignedValue(part: Assignment, place: Place, walk: Walk): Value | undefined {
  const { name, value, append, index } = part;
  if (append === true || index !== undefined || !isOwnName(name)) return undefined;
  if (value.type !== 'Word') return elementsOf(value.elements, place, walk);
  if (value.text === '') return { kind: 'known', text: '' };
  const substituted = onlySubstitution(value);
  if (substituted !== undefined) {
    return readSubstitution(substituted, place, walk);
  }
  if (value.text === '$?') return { kind: 'number', empty: false };
  const scope = scopeAt(walk, place);
  const sum = readWord(value, { scope, numbers: true, assigned: true });
  if (sum?.length === 1 && sum[0]?.text === anyNumber) return { kind: 'number', empty: false };
  const [word, ...others] = readWord(value, { scope, assigned: true, home: true }) ?? [];
  if (word === undefined) {
    // Whatever it stands for, the shell takes nothing apart here.
    const any = readWord(value, { ...knownFor('echo', place, walk), assigned: true });
    return any?.length === 1 ? { kind: 'any' } : undefined;
  }
  if (others.length > 0 || word.below !== undefined) return undefined;
  if (word.text === '.' && /[$`]/.test(value.text)) return { kind: 'here', folders: place.folders };
  return word.glob || word.text.startsWith('./') ? undefined : { kind: 'known', text: word.text };
}

/** Names of files are looked up where the array is set. */
function elementsOf(words: readonly Word[], place: Place, walk: Walk): Value | undefined {
  const given: Given[] = [];
  for (const word of words) {
    const found = readWord(word, knownFor(undefined, place, walk));
    if (found === undefined) return undefined;
    given.push(...found);
  }
  return { kind: 'array', given, folders: place.folders };
}

function onlySubstitution({ parts, text }: Word): (WordPart & { type: 'CommandExpansion' }) | undefined {
  const [part, ...others] = parts ?? [];
  if (part === undefined || others.length > 0) return undefined;
  if (part.type === 'CommandExpansion') return part;
  const [inner, ...more] = part.type === 'DoubleQuoted' ? part.parts : [];
  if (inner?.type !== 'CommandExpansion' || more.length > 0 || text !== `"${inner.text}"`) return undefined;
  return inner;
}
