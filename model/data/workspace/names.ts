import type { LanguageName, Manner } from '../code/language.ts';
import type { Routine } from '../code/tree.ts';
import { Unprintable } from '../code/unprintable.ts';
import { languages } from './manners.ts';

/** The names of functions that a workspace has so far; none may be a part of another. */
export interface Names {
  /** Takes the words if their name is free and, of a function, if the language has a form for it. */
  take(words: string, routine?: Routine): boolean;
}

/** Names of functions, none a part of another, so that a search for one finds no other. */
export function namesOf(languageName: LanguageName, manner: Manner): Names {
  const language = languages[languageName];
  const taken: string[] = [];
  return {
    take(words, routine?: Routine) {
      const name = language.functionName(words);
      const lower = name.toLowerCase();
      if (name.length < 3 || taken.some((other) => other.includes(lower) || lower.includes(other))) return false;
      if (routine !== undefined && !printable(routine, languageName, manner)) return false;
      taken.push(lower);
      return true;
    },
  };
}

function printable(routine: Routine, languageName: LanguageName, manner: Manner): boolean {
  try {
    languages[languageName].routine(routine, undefined, true, manner);
    return true;
  } catch (error) {
    if (error instanceof Unprintable) return false;
    throw error;
  }
}
