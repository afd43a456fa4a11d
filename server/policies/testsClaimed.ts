import type { Policy } from './policy.ts';
import { testRuns } from './tests.ts';

/**
 * "The tests pass" in an answer, in a turn in which none was run. The heuristic, sentence by sentence: a form of "pass",
 * "green" or "succeed" behind "tests" or the like, or a count that passed, without what makes it a question, a
 * condition, a plan or a denial. A doubt counts where it stands before the claim and in the same clause.
 */
export const testsClaimed: Policy = {
  name: 'tests-claimed',
  rule: 'The answer says that the tests pass, and none was run in this turn.',
  on: ['assistant'],
  judge(event, { turn }) {
    if (event.type !== 'assistant' || event.calls.length > 0 || testRuns(turn).length > 0) return undefined;
    const sentence = event.text.split(/(?<=[.!?])\s+|\n/).find(claims);
    if (sentence === undefined) return undefined;
    return {
      grade: 'note',
      evidence: `No test was run in this turn, but the answer says: “${sentence.trim()}”`,
      say: `You ran no test in that turn, but said: "${sentence.trim()}" Run them before you say so.`,
    };
  },
};

function claims(sentence: string): boolean {
  if (/\?\W*$/.test(sentence) || condition.test(sentence)) return false;
  return sentence.split(/;|,? but |, (?:and|so) /i).some((clause) => {
    const end = claim.map((form) => form.exec(clause)).find((found) => found !== null);
    if (!end) return false;
    return !doubt.test(clause.slice(0, end.index + end[0].length)) && !/^\s*that\b/i.test(clause);
  });
}

/** "pass" that is done to something else: "passes the user", "passed to", "pass through". */
const itself = /(?!\s+(?:the|an?|its|their|it|them|to|into|as|through|along|by|before|earlier|previously|no longer)\b)/
  .source;
/** "passing null" is no claim, "are passing" is. */
const passing = /(?<=\b(?:tests?|specs?|suites?|everything|are|is|were|was|now|all|still|again) )passing/.source;
const passes = `(?:\\b(?:pass(?:es|ed)?|succeed(?:s|ed)?)|${passing})\\b${itself}`;
/** "green" that says how it went, not what colour something has. */
const green = /\bgreen\b(?=\W*$|\s*[.,;:!)(–—]|\s+(?:again|and|now|on|in)\b)/.source;
const all = /\b(?:tests?|specs?|suites?|everything)\b/.source;

const claim = [
  new RegExp(`${all}[^.\\n]{0,40}?(?:${passes}|${green})`, 'i'),
  new RegExp(`\\ball(?: (?:of them|are|is|\\d+)){0,2} (?:${passes}|${green})`, 'i'),
  // As runners count.
  /\b\d+ (?:passed|passing)\b(?=\W*$|\s*[.,;:!)(–—]|\s+(?:and|in)\b)/i,
];

/** In whichever part of the sentence. */
const condition =
  /\b(?:if|when|once|unless|until|whether|assuming|provided)\b|\b(?:after|before|as soon as) (?:(?:all|the|your|these|of|unit|\d+) )*(?:tests?|specs?|suite|everything)\b/i;

const doubt = new RegExp(
  [
    /n['’]t\b/,
    /['’]ll\b/,
    /\b(?:not|never|cannot|no|none|neither|nor|without|hardly|yet to|fail(?:s|ed)? to|used to|stopped)\b/,
    /\b(?:should|would|could|might|may|must|will|shall|going to|next|plan|hope|hopefully|expect|want|need|goal|make|get|let)\b/,
    /(?<!\bI (?:can )?|\bwe (?:can )?)\b(?:ensure|verify|check|confirm|see)\b/,
    /\bcan (?:now |all )?(?:pass|succeed)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
);
