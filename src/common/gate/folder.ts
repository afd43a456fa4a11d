import type { Given } from './form.ts';
import { addPaths, inFolder, type Place, refuse, type Sure, type Walk } from './reading.ts';
import { above, nowhere } from './sentences.ts';

/** `cd`, `pushd` and `popd`: where the line stands behind them. The shell takes `..` away by name, where the kernel would follow links. */
export function moveTo(program: string, words: readonly Given[], literal: boolean, place: Place, walk: Walk): void {
  const given = words[0]?.text === '--' ? words.slice(1) : words;
  const [folder, ...others] = given;
  if (!literal || others.length > 0 || (folder === undefined && program === 'pushd')) return lost(place, walk);
  if (program === 'popd') return folder === undefined ? goBack(place, walk, 'stack') : lost(place, walk);
  if (folder?.text === '-' && program === 'cd') return goBack(place, walk, 'before');
  const { text, glob, one, below } = folder ?? { text: '~', glob: false };
  if (
    text === '' ||
    text.startsWith('-') ||
    (program === 'pushd' && text.startsWith('+')) ||
    (glob && one !== true) ||
    below !== undefined
  )
    return lost(place, walk);
  const from = place.sure?.folder ?? (place.folders?.length === 1 ? place.folders[0] : undefined);
  if (text.split('/').includes('..')) climb(text, place, walk);
  else enter(folder ?? { text, glob: false }, place, walk);
  if (program === 'pushd') push(from, place);
}

function push(from: string | undefined, place: Place): void {
  const { sure } = place;
  if (sure === undefined) return;
  const { before: _, ...rest } = sure;
  place.sure = from === undefined ? undefined : { ...rest, stack: [from, ...sure.stack] };
}

export function lost(place: Place, walk: Walk): void {
  place.folders = undefined;
  place.sure = undefined;
  refuse(walk, nowhere);
}

function enter(folder: Given, place: Place, walk: Walk): void {
  addPaths(
    [{ effect: 'read', path: folder.text, glob: folder.glob, ...(folder.plain === true ? { plain: true } : {}) }],
    place,
    walk,
  );
  const whole = /^[/~]/.test(folder.text);
  place.folders = whole ? [folder.text] : place.folders?.map((each) => inFolder(each, folder.text));
  const { sure } = place;
  if (sure === undefined) return;
  const next = inFolder(sure.folder, folder.text);
  place.sure = { folder: next, needs: [...sure.needs, next], before: sure.folder, stack: sure.stack };
}

/** What has to be so for it to stand where it is thought to; then it is sure. */
function settle(needs: readonly string[], walk: Walk): void {
  for (const path of new Set(needs)) {
    if (path === '') continue;
    walk.reading.paths.push({ effect: 'folder', path, glob: /[*?[]/.test(path) });
  }
}

function standsIn(place: Place): Sure | undefined {
  const [only, ...others] = place.folders ?? [];
  if (place.sure !== undefined) return place.sure;
  return only === undefined || others.length > 0 ? undefined : { folder: only, needs: [], stack: [] };
}

/** From where it stands, up and down again by names. Of folders that are no links the kernel makes the same. */
function climb(text: string, place: Place, walk: Walk): void {
  const sure = standsIn(place);
  if (sure === undefined || text.startsWith('~')) return lost(place, walk);
  const absolute = text.startsWith('/');
  const at = absolute
    ? ['']
    : sure.folder === ''
      ? []
      : sure.folder.split('/').filter((part, index) => part !== '.' && (part !== '' || index === 0));
  const needs = [...sure.needs];
  for (const part of text.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') at.push(part);
    else {
      if (at.length === 0 || at[0] === '~') {
        place.folders = undefined;
        place.sure = undefined;
        return refuse(walk, above);
      }
      if (at.length > 1 || at[0] !== '') {
        if (!absolute) needs.push(at.join('/'));
        at.pop();
      }
    }
  }
  const folder = at.join('/') || (absolute || at[0] === '' ? '/' : '');
  if (!folder.startsWith('/')) needs.push(folder);
  settle(needs, walk);
  walk.reading.paths.push({ effect: 'read', path: folder === '' ? '.' : folder, glob: /[*?[]/.test(folder) });
  place.folders = [folder];
  place.sure = { folder, needs: [], before: sure.folder, stack: sure.stack };
}

function goBack(place: Place, walk: Walk, how: 'before' | 'stack'): void {
  const { sure } = place;
  const [top, ...stack] = sure?.stack ?? [];
  const folder = how === 'stack' ? top : sure?.before;
  if (sure === undefined || folder === undefined) return lost(place, walk);
  settle([...sure.needs, folder], walk);
  place.folders = [folder];
  place.sure = {
    folder,
    needs: [],
    stack: how === 'stack' ? stack : sure.stack,
    ...(how === 'before' ? { before: sure.folder } : {}),
  };
}
