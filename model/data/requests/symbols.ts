// Finding: uses, definitions, constants.
import { camel, pascal, screaming, snake } from '../english.ts';
import { FreshWords } from '../words.ts';
import { constantsOf, type SymbolFact } from '../workspace/workspace.ts';
import { someSymbol } from './explain.ts';
import {
  ask,
  askAbout,
  code,
  hitsIn,
  need,
  occurrences,
  type Play,
  points,
  searchable,
  some,
  type Stage,
  type Topic,
} from './stage.ts';

/** A name that is nowhere in the workspace. */
export function strangeName({ workspace, random }: Stage): string {
  const usual = random.pick([
    'renderChart',
    'send_mail',
    'openSocket',
    'LoginForm',
    'hashPassword',
    'uploadFile',
    'fetch_rates',
    'translate',
    'SessionStore',
    'drawMap',
    'exportPdf',
    'connect_db',
    'MAX_UPLOADS',
    'playSound',
    'encrypt',
  ]);
  const fresh = new FreshWords(random);
  const words = `${fresh.next()} ${fresh.next()}`;
  const name = random.chance(0.6) ? random.pick([camel, snake, pascal])(words) : usual;
  if (occurrences(workspace, name).length > 0) need(undefined, 'strange name');
  return name;
}

async function nothing(stage: Stage, name: string): Promise<Topic> {
  const { chat } = stage;
  await chat.call('grep', { pattern: name });
  chat.answer(`There is no ${code(name)} in this workspace.`);
  return {};
}

export const findUses: Play = async (stage) => {
  if (stage.random.chance(0.06)) {
    const name = strangeName(stage);
    await ask(stage, 'find_uses', { symbol: name });
    return nothing(stage, name);
  }
  const least = stage.random.pick([1, 2, 2, 3, 3, 3, 4]);
  const fixed = stage.random.chance(0.12);
  const symbol = fixed
    ? someConstant(stage)
    : someSymbol(stage, ({ name }) => occurrences(stage.workspace, name).length >= least);
  await askAbout(stage, 'find_uses', fixed ? { name: symbol.name } : symbol);
  return listUses(stage, symbol);
};

/** A constant, as if it were a function. */
function someConstant(stage: Stage): SymbolFact {
  const { workspace, random } = stage;
  const constant = some(
    random,
    constantsOf(workspace).filter(({ name }) => searchable(workspace, name)),
    'constant',
  );
  return { ...constant, kind: 'function', signature: '', told: constant.doc, parameters: [], returns: true };
}

/** Searches for a symbol and lists where it stands, its definition marked. */
export async function listUses(stage: Stage, symbol: SymbolFact, text?: string): Promise<Topic> {
  const { chat } = stage;
  const end = await chat.call('grep', { pattern: symbol.name }, text === undefined ? {} : { text });
  const hits = hitsIn(end.text);
  const definition = hits.find(({ path, line }) => path === symbol.file && line === symbol.line);
  need(definition, 'definition among the hits');
  const name = code(symbol.name);
  const topic = { symbol, file: symbol.file };
  if (hits.length === 1) {
    chat.answer(
      `${name} is not used anywhere. There is only its definition in ${code(`${symbol.file}:${symbol.line}`)}.`,
    );
    return topic;
  }
  // In the order in which they were found: so small a model leaves places out when it has to move one to the front.
  const items = hits.map((hit) => {
    const note = hit === definition ? ' (definition)' : noteOn(hit.text, hit.path);
    return `${code(`${hit.path}:${hit.line}`)}${note}`;
  });
  chat.answer(`${name} appears in these places:\n\n${points(items)}`);
  return topic;
}

function noteOn(row: string, path: string): string {
  if (/^\s*(?:import\b|from\b.*\bimport\b|use\b|.*\brequire\()/.test(row)) return ' (import)';
  if (/^\s*(?:module\.exports)/.test(row)) return ' (export)';
  if (/^\s*(?:\/\/|\*|\/\*|#)/.test(row)) return ' (comment)';
  return path.endsWith('.md') ? ' (document)' : '';
}

export const findDefinition: Play = async (stage) => {
  if (stage.random.chance(0.06)) {
    const name = strangeName(stage);
    await ask(stage, 'find_definition', { symbol: name });
    return nothing(stage, name);
  }
  const fixed = stage.random.chance(0.12);
  const symbol = fixed ? someConstant(stage) : someSymbol(stage);
  await askAbout(stage, 'find_definition', fixed ? { name: symbol.name } : symbol);
  return showDefinition(stage, symbol);
};

export async function showDefinition(stage: Stage, symbol: SymbolFact): Promise<Topic> {
  const { chat } = stage;
  await chat.call('grep', { pattern: symbol.name });
  const name = code(symbol.name);
  chat.answer(`${name} is defined in ${code(`${symbol.file}:${symbol.line}`)}.`);
  return { symbol, file: symbol.file };
}

export const constantValue: Play = async (stage) => {
  const { workspace, random, chat } = stage;
  if (random.chance(0.06)) {
    const last = random.pick(['uploads', 'sessions', 'threads', 'plugins', new FreshWords(random).next()]);
    const name = screaming(`${random.pick(['max', 'default', new FreshWords(random).next()])} ${last}`);
    await ask(stage, 'constant_value', { symbol: name });
    return nothing(stage, name);
  }
  const constant = some(
    random,
    constantsOf(workspace).filter(({ name }) => searchable(workspace, name)),
    'constant',
  );
  await ask(stage, 'constant_value', { symbol: constant.name });
  await chat.call('grep', { pattern: constant.name });
  const place = code(`${constant.file}:${constant.line}`);
  chat.answer(`${code(constant.name)} is ${code(constant.value)}, set in ${place}.`);
  return { file: constant.file };
};
