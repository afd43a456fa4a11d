import type { Given } from '../form.ts';
import { filesOf, type Listing } from '../listing.ts';
import type { Inner } from '../program.ts';

/** Stands in a text for the name that is put in there; no line can set a variable of that kind. */
const eachName = '_EACH_NAME';

/** Signs that only bash understands, or understands in its own way. */
export const onlyBash =
  /[{}~]|&>|\|&|\[\[|<<<|<\(|\$['"]|\[ [^\]]*==|\(\(|(?:^|[;&|(!\n]|\b(?:then|do|else|elif|if|while)\s)\s*(?:pushd|popd|declare|mapfile|time|source|export|echo -e)\b|=\(/;

/**
 * `sh -c TEXT` for each name: the name stands where the mark is, as if it had been written there, or it is the first word behind the
 * text, `$0` or `$1`.
 */
export function textForEach(
  rest: readonly Given[],
  mark: string | undefined,
  single: boolean,
  fed: Listing,
): Inner['each'] {
  const [shell, option, text, ...more] = rest;
  const names = filesOf(fed);
  if (!/^(?:ba)?sh$/.test(shell?.text ?? '') || option?.text !== '-c' || text === undefined || text.glob)
    return undefined;
  if (names.length === 0 || (shell?.text === 'sh' && onlyBash.test(text.text.replaceAll('{}', '')))) return undefined;
  if (mark === undefined || (!text.text.includes(mark) && more.at(-1)?.text === mark)) {
    const behind = mark === undefined ? more : more.slice(0, -1);
    if (!single && mark === undefined) return undefined;
    if (behind.length > 1 || behind.some((word) => word.glob || !/^(?:_|-|--|sh|bash)$/.test(word.text)))
      return undefined;
    return { text: text.text, variable: String(behind.length), names };
  }
  // In single quotes it would be no variable, and behind a backslash or a `$` something else.
  const quoted = text.text.match(/'[^']*'/g) ?? [];
  const plainly = !quoted.some((part) => part.includes(mark)) && (text.text.match(/'/g) ?? []).length % 2 === 0;
  if (mark !== '{}' || more.length > 0 || !plainly || /[\\$]\{\}/.test(text.text)) return undefined;
  const verbatim = names.flatMap((name) =>
    name.below === undefined
      ? []
      : [{ ...name, below: { ...name.below, verbatim: true, key: `${name.below.key} verbatim` } }],
  );
  if (verbatim.length < names.length || text.text.includes(eachName)) return undefined;
  return { text: text.text.replaceAll(mark, `\${${eachName}}`), variable: eachName, names: verbatim };
}
