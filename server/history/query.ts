/**
 * What a person typed as a query of SQLite's full-text search: all words, each also as the beginning of a longer one;
 * words between quotation marks in that order. Nothing in it is an operator, so nothing in it can be wrong.
 */
export function queryOf(text: string): string {
  const parts = [...text.matchAll(/"([^"]+)"|([^\s"]+)/g)];
  return parts
    .map(([, phrase, word]) =>
      phrase === undefined
        ? wordsOf(word ?? '')
            .map((each) => `${each}*`)
            .join(' ')
        : quoted(phrase),
    )
    .filter((part) => part !== '')
    .join(' ');
}

function quoted(phrase: string): string {
  const words = wordsOf(phrase);
  return words.length === 0 ? '' : `"${words.join(' ')}"`;
}

/** As the index divides a text; in lower case, because AND, OR and NOT in capitals are operators. */
function wordsOf(text: string): string[] {
  return (text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).map((word) => word.toLowerCase());
}
