// Values in files, and what the project is.
import { posix } from 'node:path';
import { FreshWords } from '../words.ts';
import { callNamed, spoken } from './naming.ts';
import { ask, code, need, type Play, points, some } from './stage.ts';
import { missingText } from './searches.ts';

export const fileValue: Play = async (stage) => {
  const { workspace, random, chat } = stage;
  const setting = some(random, workspace.settings, 'setting');
  const { file, key, value } = setting;
  if (random.chance(0.08)) {
    const strange = random.pick([
      'proxy',
      'password',
      'maxUsers',
      'region',
      'license_key',
      'database',
      'homepage',
      'threads',
      ...Array.from({ length: 8 }, () => new FreshWords(random).next()),
    ]);
    if ((workspace.files.get(file) ?? '').toLowerCase().includes(strange.toLowerCase())) need(undefined, 'strange key');
    await ask(stage, 'file_value', { key: strange, file });
    await chat.call('file_read', { path: file });
    chat.answer(`There is no ${code(strange)} in ${code(file)}.`);
    return { file };
  }
  const named = spoken(stage, file);
  await ask(stage, 'file_value', { key, file: named });
  await callNamed(stage, 'file_read', { named, path: file });
  chat.answer(`${code(key)} in ${code(file)} is ${code(value)}.`);
  return { file };
};

export const project: Play = async (stage) => {
  const { workspace, chat } = stage;
  await ask(stage, 'project');
  if (workspace.readme === undefined) {
    await chat.call('file_read', { path: 'README.md' }, { outcome: 'error' });
    const end = await chat.call('file_read', { path: '.' });
    chat.answer(`There is no README that says it. The folder contains:\n\n${points(end.text.split('\n').map(code))}`);
    return {};
  }
  await chat.call('file_read', { path: 'README.md' });
  const [first = '', second] = workspace.readme;
  const said = [first, second].filter((each) => each !== undefined).join(' ');
  chat.answer(said);
  return { file: 'README.md' };
};

/** A file that the person names and that is not there. */
export const missingFile: Play = async (stage) => {
  const { workspace, random, chat } = stage;
  const path = some(
    random,
    [...workspace.facts.values()].filter(({ kind }) => kind === 'source').map((each) => each.path),
    'source',
  );
  const wrong = misspelt(path, random.int(0, 3));
  if (workspace.files.has(wrong)) need(undefined, 'missing file');
  const named = random.chance(0.2) ? posix.basename(wrong) : wrong;
  if ([...workspace.files.keys()].some((each) => posix.basename(each) === posix.basename(wrong)))
    need(undefined, 'missing name');
  await ask(stage, 'explain_file', { file: named });
  const end = await chat.call('file_read', { path: named }, { outcome: 'error' });
  chat.answer(missingText(named, end.text));
  return {};
};

function misspelt(path: string, how: number): string {
  const folder = posix.dirname(path);
  const name = posix.basename(path);
  const dot = name.lastIndexOf('.');
  const [stem, extension] = [name.slice(0, dot), name.slice(dot)];
  const wrong =
    [
      `${stem}s${extension}`,
      `${stem.slice(0, -1)}${extension}`,
      `${stem}2${extension}`,
      `${stem.charAt(0)}${stem.slice(2)}${extension}`,
    ][how] ?? name;
  return folder === '.' ? wrong : `${folder}/${wrong}`;
}
