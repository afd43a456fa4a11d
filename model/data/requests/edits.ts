// Changes of one place: texts, constants, settings, parameters.
import type { CallOptions } from '../play/chat.ts';
import { Unsuitable } from '../play/unsuitable.ts';
import { camel, snake } from '../english.ts';
import type { Random } from '../random.ts';
import { FreshWords, remark } from '../words.ts';
import { constantsOf, type SettingFact, type TextFact } from '../workspace/workspace.ts';
import { someSymbol } from './explain.ts';
import { callNamed, spoken } from './naming.ts';
import { newText, newValue } from './newTexts.ts';
import { plainPart } from './searches.ts';
import {
  ask,
  askAbout,
  code,
  hitsIn,
  need,
  occurrences,
  type Play,
  searchable,
  some,
  type Stage,
  type Topic,
} from './stage.ts';
import { refusals } from './tests.ts';

interface Edit {
  path: string;
  /** As the person named the file, where that is not its path. */
  named?: string;
  old: string;
  new: string;
}

/** Makes the edit and proves that the file is then as planned. */
export async function edit(stage: Stage, change: Edit, options: CallOptions = {}): Promise<void> {
  const { path, named = path, old, new: fresh } = change;
  const { chat } = stage;
  const before = chat.get(path);
  await callNamed(stage, 'file_edit', { named, path, old_text: old, new_text: fresh }, options);
  if (
    options.refused === undefined &&
    options.outcome === undefined &&
    chat.get(path) !== before.replace(old, () => fresh)
  )
    throw new Unsuitable(`the edit of ${path} went another way`);
}

/** How often a text occurs in a file as it stands now. */
export function times({ chat }: Stage, path: string, text: string): number {
  return chat.get(path).split(text).length - 1;
}

/** A person's no to an edit, now and then; else nothing. */
export function maybeRefused({ random, trusted }: Stage, chance = 0.055): CallOptions {
  if (!trusted) return { refused: {} };
  if (!random.chance(chance)) return {};
  return { refused: random.chance(0.5) ? {} : { reason: random.pick(refusals) } };
}

export function refusedText({ trusted }: Stage, path: string, options: CallOptions): string {
  if (!trusted)
    return `I could not change ${code(path)}: this folder is not trusted. You can choose "Trust this folder".`;
  const reason = options.refused?.reason?.replace(/[.!]$/, '');
  if (reason === undefined) return `The edit was denied, so ${code(path)} is unchanged.`;
  return `I did not change ${code(path)}. You said: "${reason}".`;
}

/** What the file_edit shall replace: the words themselves where they are there once, else their whole line. */
function smallest(stage: Stage, path: string, text: string, line: string): string {
  if (times(stage, path, text) === 1) return text;
  const whole = line.trim();
  if (times(stage, path, whole) === 1) return whole;
  throw new Unsuitable('the line is there twice');
}

function quotable(text: string): boolean {
  return text.length > 5 && text.length < 80 && !/[\\"`{}]/.test(text);
}

function changedText(places: readonly string[], old: string, fresh: string): string {
  const where = places.map(code).join(' and ');
  return `Changed "${old}" to "${fresh}" in ${where}.`;
}

export const changeText: Play = async (stage) => {
  const { workspace, random, chat } = stage;
  const { text: old } = some(
    random,
    workspace.texts.filter(({ text }) => quotable(text)),
    'text',
  );
  const pattern = plainPart(old);
  const places = occurrences(workspace, pattern);
  if (places.length > 3 || pattern.length < 5 || places.some(({ text }) => !text.includes(old)))
    need(undefined, 'findable text');
  const fresh = newText(old, random);
  await ask(stage, 'change_text', { old, new: fresh });
  const hits = hitsIn((await chat.call('grep', { pattern })).text);
  const options = maybeRefused(stage);
  const done: string[] = [];
  for (const { path, line, text } of hits) {
    const part = smallest(stage, path, old, text);
    await edit(stage, { path, old: part, new: part.replace(old, () => fresh) }, options);
    if (options.refused) {
      chat.answer(refusedText(stage, path, options));
      return {};
    }
    done.push(`${path}:${line}`);
  }
  chat.answer(changedText(done, old, fresh));
  const [first] = hits;
  return first === undefined || hits.length > 1
    ? {}
    : { file: first.path, edit: { path: first.path, old, new: fresh, value: fresh } };
};

/** The text is not there: the person remembers it otherwise. */
export const changeMissingText: Play = async (stage) => {
  const { workspace, random, chat } = stage;
  const usual = random.pick([
    'Please log in to continue',
    'Unknown error',
    'Welcome back, friend',
    'Page not found',
    'Your session has ended',
    'Press any key',
    'Invalid password',
  ]);
  const old = random.chance(0.6) ? remark(random) : usual;
  if (occurrences(workspace, old).length > 0) need(undefined, 'strange text');
  await ask(stage, 'change_text', { old, new: newText(old, random) });
  await chat.call('grep', { pattern: old });
  chat.answer(`I changed nothing: "${old}" does not occur in any file.`);
  return {};
};

export const changeTextIn: Play = async (stage) => {
  const { workspace, random, chat } = stage;
  const fact: TextFact = some(
    random,
    workspace.texts.filter(({ text }) => quotable(text)),
    'text',
  );
  const { text: old, file } = fact;
  if (occurrences(workspace, old).filter(({ path }) => path === file).length > 1)
    need(undefined, 'text that is there once');
  const fresh = newText(old, random);
  const named = spoken(stage, file, 0.2);
  await ask(stage, 'change_text_in', { old, new: fresh, file: named });
  const options = maybeRefused(stage);
  await edit(stage, { path: file, old, new: fresh, named }, options);
  chat.answer(options.refused ? refusedText(stage, file, options) : changedText([file], old, fresh));
  return options.refused ? {} : { file, edit: { path: file, old, new: fresh, value: fresh } };
};

/** The person quotes a text not quite as it stands; the result of the edit says how it does. */
export const changeMistyped: Play = async (stage) => {
  const { workspace, random, chat } = stage;
  const { text: old, file } = some(
    random,
    workspace.texts.filter(({ text }) => quotable(text)),
    'text',
  );
  const wrong = mistyped(old, random);
  if (times(stage, file, old) !== 1 || times(stage, file, wrong) > 0) need(undefined, 'text that is there once');
  const fresh = newText(old, random);
  await ask(stage, 'change_text_in', { old: wrong, new: fresh, file });
  const end = await chat.call('file_edit', { path: file, old_text: wrong, new_text: fresh }, { outcome: 'error' });
  if (!end.text.includes(old)) need(undefined, 'nearest line');
  await edit(stage, { path: file, old, new: fresh });
  chat.answer(changedText([file], old, fresh));
  return { file, edit: { path: file, old, new: fresh, value: fresh } };
};

/** Another case at the beginning, or a letter twice or not at all. */
function mistyped(text: string, random: Random): string {
  const first = text.charAt(0);
  const other = first === first.toLowerCase() ? first.toUpperCase() : first.toLowerCase();
  const at = random.int(1, text.length - 2);
  return random.pick([
    other + text.slice(1),
    text.slice(0, at) + text.charAt(at) + text.slice(at),
    text.slice(0, at) + text.slice(at + 1),
  ]);
}

/** The person changes the file while being asked; it is read again, and edited as it then stands. */
export const changedMeanwhile: Play = async (stage) => {
  const { workspace, random, chat } = stage;
  const { text: old, file } = some(
    random,
    workspace.texts.filter(({ text }) => quotable(text)),
    'text',
  );
  if (times(stage, file, old) !== 1) need(undefined, 'text that is there once');
  const fresh = newText(old, random);
  await ask(stage, 'change_text_in', { old, new: fresh, file });
  const first = chat.get(file);
  const meanwhile = (): void => chat.put(file, `${first}\n`);
  await edit(stage, { path: file, old, new: fresh }, { outcome: 'error', meanwhile });
  await chat.call('file_read', { path: file });
  await edit(stage, { path: file, old, new: fresh });
  chat.answer(changedText([file], old, fresh));
  return { file, edit: { path: file, old, new: fresh, value: fresh } };
};

export const changeConstant: Play = async (stage) => {
  const { workspace, random, chat } = stage;
  const constant = some(
    random,
    constantsOf(workspace).filter(({ name }) => searchable(workspace, name)),
    'constant',
  );
  const { name, file, line, value } = constant;
  const bare = value.replace(/^(['"])(.*)\1$/, '$2');
  const fresh = newValue(bare, random, name);
  await ask(stage, 'change_constant', { symbol: name, new: fresh });
  await chat.call('grep', { pattern: name });
  const row = need(workspace.files.get(file)?.split('\n')[line - 1], 'line');
  const old = row.trim();
  if (times(stage, file, old) !== 1 || !old.includes(bare)) need(undefined, 'single line');
  const at = old.lastIndexOf(bare, old.includes('  #') ? old.indexOf('  #') : undefined);
  const written = `${old.slice(0, at)}${fresh}${old.slice(at + bare.length)}`;
  const options = maybeRefused(stage);
  await edit(stage, { path: file, old, new: written }, options);
  if (options.refused) chat.answer(refusedText(stage, file, options));
  else chat.answer(`${code(name)} is now ${code(fresh)}, in ${code(`${file}:${line}`)}.`);
  return options.refused ? {} : { file, edit: { path: file, old, new: written, value: fresh } };
};

export const setValue: Play = async (stage) => {
  const { workspace, random, chat } = stage;
  const setting: SettingFact = some(random, workspace.settings, 'setting');
  const { file, key, value, line: old } = setting;
  if (times(stage, file, old) !== 1) need(undefined, 'single line');
  const fresh = newValue(value, random, key);
  const written = replaceLast(old, value, fresh);
  const named = spoken(stage, file, 0.25);
  await ask(stage, 'set_value', { key, new: fresh, file: named });
  await callNamed(stage, 'file_read', { named, path: file });
  const options = maybeRefused(stage);
  await edit(stage, { path: file, old, new: written }, options);
  if (options.refused) chat.answer(refusedText(stage, file, options));
  else chat.answer(`${code(key)} in ${code(file)} is now ${code(fresh)}.`);
  return options.refused ? {} : { file, edit: { path: file, old, new: written, value: fresh } };
};

function replaceLast(text: string, old: string, fresh: string): string {
  const at = text.lastIndexOf(old);
  if (at === -1) throw new Unsuitable('the value is written otherwise');
  return text.slice(0, at) + fresh + text.slice(at + old.length);
}

const typed: Record<string, string[]> = {
  typescript: [
    'limit: number',
    'options: string[]',
    'verbose: boolean',
    'label: string',
    'signal: AbortSignal',
    'unit: string',
    'strict: boolean',
  ],
  go: ['limit int', 'label string', 'strict bool', 'ratio float64'],
  rust: ['limit: i64', 'label: &str', 'strict: bool'],
  java: ['int limit', 'String label', 'boolean strict'],
};
const untyped = [
  'limit',
  'options',
  'verbose',
  'label',
  'unit',
  'strict',
  'locale',
  'digits',
  'prefix',
  'width',
  'today',
  'currency',
  'separator',
  'maximum',
  'debug',
  'callback',
  'fallback',
  'order',
];

export const addParameter: Play = async (stage) => {
  const { workspace, random, chat } = stage;
  const symbol = someSymbol(stage, ({ kind, signature }) => kind === 'function' && /\(.*\)/.test(signature));
  const { language } = workspace;
  const lists = typed[language] ?? [];
  const defaults =
    language === 'python' || language === 'javascript'
      ? ['verbose=False', 'limit=10', "unit='m'"].map((each) =>
          language === 'python' ? each : each.replace('False', 'false').replace('=', ' = '),
        )
      : [];
  const usual = random.pick(
    lists.length > 0 && (language !== 'typescript' || random.chance(0.6))
      ? lists
      : random.chance(0.15)
        ? [...defaults, ...untyped]
        : untyped,
  );
  const fresh = new FreshWords(random);
  const words = random.chance(0.5) ? fresh.next() : `${fresh.next()} ${fresh.next()}`;
  // Another name in place of the usual one, which stands last in Java and first elsewhere.
  const last = /(?<= )\w+$/;
  const first = /^\w+/;
  const cased = language === 'python' || language === 'rust' ? snake(words) : camel(words);
  const parameter = random.chance(0.5) ? usual.replace(language === 'java' ? last : first, cased) : usual;
  const name = (language === 'java' ? parameter.split(' ').at(-1) : /^\w+/.exec(parameter)?.[0]) ?? parameter;
  if (symbol.parameters.includes(name)) need(undefined, 'new name');
  const old = symbol.signature;
  if (times(stage, symbol.file, old) !== 1) need(undefined, 'single line');
  const written = old.replace(
    /\(([^()]*)\)/,
    (_, inside: string) => `(${inside === '' ? parameter : `${inside}, ${parameter}`})`,
  );
  await askAbout(stage, 'add_parameter', symbol, { param: parameter });
  await chat.call('grep', { pattern: symbol.name });
  const options = maybeRefused(stage);
  await edit(stage, { path: symbol.file, old, new: written }, options);
  if (options.refused) chat.answer(refusedText(stage, symbol.file, options));
  else
    chat.answer(
      `${code(symbol.name)} in ${code(`${symbol.file}:${symbol.line}`)} now has the parameter ${code(parameter)}.`,
    );
  return (
    options.refused
      ? {}
      : { symbol, file: symbol.file, edit: { path: symbol.file, old, new: written, value: parameter } }
  ) satisfies Topic;
};
