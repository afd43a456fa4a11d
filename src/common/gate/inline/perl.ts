/** Of what is printed: plain letters, the parts of a match, the line, its number and the name of its file. */
const shown = String.raw`\$(?:[1-9_.&]|ARGV\b)`;
const text = String.raw`(?:(?!->|::)[\w ,:;.=()|#<>*+%!?'-]|\\[ntr\\"/.()|*+?$-]|${shown}(?!->|::))`;
/** What is put in the place of something stands between slashes, where a quote is one sign of many. */
const replacement = String.raw`(?:${text}|")`;
/** A pattern in which nothing is looked up and nothing runs: no name, no code, and `$` for the end alone. */
const pattern = String.raw`(?:(?!\(\?\??\{|\(\?&|\(\*)(?:[^\\/@$\n{]|\\[\w\s.*+?()|{}/$@"'^#<>=!&:;,~%-]|\\\[|\\\]|\\\\|\$(?=[)|/])|\{\d*,?\d*\}))`;
const match = String.raw`\/${pattern}+\/[gimsx]*`;
const condition = String.raw`(?:!? ?${match}|\$\. ?(?:[<>=]=|[<>]) ?\d+|\d+ ?\.\. ?\d+)`;
const conditions = String.raw`${condition}(?: ?(?:&&|\|\||\band\b|\bor\b) ?${condition})*`;
const printed = String.raw`(?:"${text}*"|${shown})`;
const statement = String.raw`(?:print(?: ${printed}(?:, ?${printed})*)?(?: (?:if|unless|while) ${conditions})?|s\/${pattern}+\/${replacement}*\/[gims]*(?: (?:if|unless) ${conditions})?|close ARGV if eof)`;
const program = new RegExp(String.raw`^\s*${statement}(?:\s*;\s*${statement})*\s*;?\s*$`);

/**
 * Whether a program in Perl that is run for each line (`perl -ne`, `perl -pe`) only prints: lines that fit a pattern, parts of them, or
 * lines in which something is replaced. Written from perlop and perlre: no `e` behind what is replaced, no code in a pattern, no array
 * and no element in a text.
 */
export function onlyPrints(written: string): boolean {
  return written.length < 500 && program.test(written);
}
