import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import { type FileBelow, nameTest } from '../below.ts';
import type { CommandPath } from '../form.ts';
import {
  acts,
  anyMethods,
  attributes,
  builtins,
  constants,
  dunder,
  functions,
  keywords,
  known,
  methods,
  ofDatabase,
  ofDates,
  ofLanguage,
} from './pythonNames.ts';
import { onlySelects } from './sql.ts';
import { childrenOf, filesBelow, literal, names, partsOf, type Program, readPlain, textOf, Unknown } from './tree.ts';

interface Python extends Program {
  /** Names that the program sets. */
  set: Set<string>;
  /** Functions that are brought in by their names, each with its module. */
  brought: Map<string, string>;
  /** Names that stand for files found in a folder that is read. */
  found: Set<string>;
  /** It looks at a module that is none of the known ones, and then at nothing else. */
  own: boolean;
  /** It looks at something at all. */
  looks: boolean;
  prints: boolean;
}

/**
 * What a program in Python reads that is written in the line. Undefined: it does more than to bring in a module and show what that
 * holds, or to read files that it names, take them apart and print.
 *
 * Modules and functions are never values, nothing that exists is changed, and what is called is one of the functions above, by its
 * name: so no name can come to mean anything else. It must run shut in all the same: a module could be one of the workspace's own.
 */
export function readPython(text: string): CommandPath[] | undefined {
  return readPlain(parser, `${text}\n`, (program, top) => {
    const python: Python = {
      ...program,
      set: new Set(),
      brought: new Map(),
      found: new Set(),
      own: false,
      looks: false,
      prints: false,
    };
    bindImports(top, python);
    bind(top, python);
    check(top, python);
    // What neither looks at anything of the folder nor says anything has another purpose.
    if (!python.looks && !python.own && !python.prints && python.paths.length === 0) throw new Unknown();
    return python.paths;
  });
}

const dotted = String.raw`[A-Za-z]\w*(?:\.[A-Za-z]\w*)*`;
const importing = new RegExp(String.raw`^import (${dotted}(?: as \w+)?(?:, ?${dotted}(?: as \w+)?)*)$`);
const importingFrom = new RegExp(
  String.raw`^from (${dotted}) import ([A-Za-z]\w*(?: as \w+)?(?:, ?[A-Za-z]\w*(?: as \w+)?)*)$`,
);

function bindImports(node: SyntaxNode, python: Python): void {
  if (node.name === 'ImportStatement') bindImport(textOf(node, python).trim(), python);
  for (const child of childrenOf(node)) bindImports(child, python);
}

function bindImport(written: string, python: Python): void {
  const [, modules] = importing.exec(written) ?? [];
  const [, module = '', brought] = importingFrom.exec(written) ?? [];
  if (modules === undefined && brought === undefined) throw new Unknown();
  for (const each of (modules ?? brought ?? '').split(/, ?/)) {
    const [name = '', alias] = each.split(' as ');
    if (modules === undefined) {
      if (!Object.hasOwn(known, module)) bindOwn(`${module}.${name}`, alias ?? name, python);
      else if (alias === undefined && known[module]?.has(name) === true) bindBrought(module, name, python);
      else throw new Unknown();
    } else if (!Object.hasOwn(known, name)) bindOwn(name, alias ?? name.split('.')[0] ?? '', python);
    else if (alias !== undefined) throw new Unknown();
  }
}

function bindBrought(module: string, name: string, python: Python): void {
  const other = python.brought.get(name) ?? module;
  if (other !== module || python.set.has(name) || functions.has(name)) throw new Unknown();
  python.brought.set(name, module);
}

function bindOwn(module: string, name: string, python: Python): void {
  if (module.split('.').some((part) => ofLanguage.has(part) || acts.test(part)) || !isPlain(name)) throw new Unknown();
  python.own = true;
  bindName(name, python);
}

/** Names are set before any is looked at: a comprehension uses them before it says what they stand for. */
function bind(node: SyntaxNode, python: Python): void {
  const children = childrenOf(node);
  if (node.name === 'ImportStatement') return;
  if (node.name === 'AssignStatement') {
    const [target, sign, ...values] = children;
    const targets = children.filter(({ name }) => name === 'AssignOp').length;
    if (target === undefined || sign?.name !== 'AssignOp' || targets > 1 || values.length === 0) throw new Unknown();
    bindTarget(target, python);
  }
  if (node.name === 'ParamList') for (const part of partsOf(node)) bindTarget(part, python);
  for (const [at, { name }] of children.entries()) {
    const next = children[at + 1];
    if (name === 'as' && next !== undefined) bindTarget(next, python);
    if (name === 'for') bindLoop(children.slice(at + 1), python);
  }
  for (const child of children) bind(child, python);
}

/** `NAMES in EXPRESSION`, and what follows. */
function bindLoop(children: readonly SyntaxNode[], python: Python): void {
  const end = children.findIndex(({ name }) => name === 'in');
  const [over, next] = children.slice(end + 1);
  // Of several expressions parted by commas the loop goes over these.
  const alone = next === undefined || /^(?:Body|for|if|\]|\}|\))$/.test(next.name);
  if (end === -1 || over === undefined || !alone) throw new Unknown();
  const targets = children.slice(0, end).filter(({ name }) => name !== ',');
  const [only, ...others] = targets;
  const found =
    only !== undefined && others.length === 0 && isSearch(textOf(over, python), python)
      ? textOf(only, python)
      : undefined;
  // What stands for a file that was found has never stood for anything else.
  if (found !== undefined && python.set.has(found)) throw new Unknown();
  for (const target of targets) bindTarget(target, python);
  if (found !== undefined) python.found.add(found);
}

function bindTarget(node: SyntaxNode, python: Python): void {
  if (node.name === 'TupleExpression') for (const part of partsOf(node)) bindTarget(part, python);
  else if (node.name === 'VariableName') bindName(textOf(node, python), python);
  else throw new Unknown();
}

function bindName(name: string, python: Python): void {
  if (isTaken(name, python) || builtins.has(name) || python.found.has(name) || /^_./.test(name)) throw new Unknown();
  python.set.add(name);
}

/** Whoever says it means what it is known for. */
function isTaken(name: string, { brought }: Python): boolean {
  return functions.has(name) || name === 'open' || Object.hasOwn(known, name) || brought.has(name);
}

const statements = names(`
  Script StatementGroup ExpressionStatement AssignStatement ForStatement IfStatement WithStatement PassStatement Body`);
const expressions = names(`
  ParenthesizedExpression BinaryExpression UnaryExpression ConditionalExpression ArrayExpression TupleExpression SetExpression
  DictionaryExpression ArrayComprehensionExpression SetComprehensionExpression DictionaryComprehensionExpression
  ComprehensionExpression ContinuedString FormatString FormatReplacement FormatSpec FormatConversion ParamList MemberExpression
  String Escape Number Boolean None`);
/** Words and signs that stand between the parts of all these. */
const between =
  /^(?:for|in|if|elif|else|with|as|not|and|or|is|pass|[^\w*⚠]+|AssignOp|ArithOp|CompareOp|BitOp|LogicOp)$/;

function check(node: SyntaxNode, python: Python): void {
  if (node.name === 'ImportStatement') return;
  if (node.name === 'CallExpression') return checkCall(node, python);
  if (node.name === 'VariableName') return checkName(textOf(node, python), python);
  if (!statements.has(node.name) && !expressions.has(node.name)) throw new Unknown();
  if (node.name === 'FormatString' || node.name === 'String') checkText(node, python);
  if (node.name === 'MemberExpression') return checkMember(node, python);
  if (node.name === 'WithStatement' && !/^with\s+open\(/.test(textOf(node, python))) throw new Unknown();
  // Of what a module holds a sign may be a function of its own.
  const signs = childrenOf(node).some(({ name }) => name === 'ArithOp' || name === 'BitOp' || name === 'CompareOp');
  if (python.own && (node.name === 'WithStatement' || signs)) throw new Unknown();
  for (const child of childrenOf(node)) {
    if (child.name === 'AssignOp' && textOf(child, python) !== '=') throw new Unknown();
    if (!between.test(child.name)) check(child, python);
  }
}

/** A name is a value that the program has set: no module, and no function. */
function checkName(name: string, python: Python): void {
  if (!python.set.has(name)) throw new Unknown();
}

/** Interpreters agree where it ends: none has a quote behind a backslash, or in the braces of an `f''` once more. */
function checkText(node: SyntaxNode, python: Python): void {
  const text = textOf(node, python);
  const [quote = ''] = /['"]/.exec(text) ?? [];
  const inner = partsOf(node)
    .filter(({ name }) => name === 'FormatReplacement')
    .map((part) => textOf(part, python));
  // A backslash before a brace is none to the language.
  if (/\\['"]/.test(text) || (node.name === 'FormatString' && text.includes('\\'))) throw new Unknown();
  if (inner.some((each) => each.includes(quote) || each.includes('#'))) throw new Unknown();
}

function checkMember(node: SyntaxNode, python: Python): void {
  const whole = textOf(node, python);
  if (constants.test(whole)) {
    if (whole.startsWith('sys.')) python.looks = true;
    return;
  }
  const [object, property, ...more] = partsOf(node);
  if (object === undefined) throw new Unknown();
  check(object, python);
  if (property !== undefined && isNameOfType(object, textOf(property, python), python) && more.length === 0) return;
  if (property?.name === 'PropertyName') {
    if (more.length > 0 || !(python.own ? isPlain : attributes.has.bind(attributes))(textOf(property, python)))
      throw new Unknown();
    return;
  }
  for (const part of property === undefined ? [] : [property, ...more]) {
    // Of what a module holds an element may be anything that is made when it is asked for.
    if (python.own && part.name !== 'Number') throw new Unknown();
    check(part, python);
  }
}

/** `type(x).__name__` */
function isNameOfType(object: SyntaxNode, property: string, python: Python): boolean {
  return property === '__name__' && object.name === 'CallExpression' && /^type\s*\(/.test(textOf(object, python));
}

/** No part of how the language works, nor a module of it that another one has brought in. */
function isPlain(name: string): boolean {
  return name.startsWith('_')
    ? dunder.test(name)
    : !ofLanguage.has(name) && !/^(?:[a-z]{1,4}_|modules$|\w*dll$|pythonapi$)/.test(name);
}

function checkCall(node: SyntaxNode, python: Python): void {
  const [callee, args, ...others] = partsOf(node);
  if (callee === undefined || args?.name !== 'ArgList' || others.length > 0) throw new Unknown();
  const name = calledName(callee, python);
  // Of what a module holds it says what that is; of anything else there is nothing to say.
  if (/^\w+\.\w/.test(name) && python.own !== name.startsWith('inspect.')) throw new Unknown();
  const given = argumentsOf(args, name, python);
  const plain = given.filter(({ keyword }) => keyword === undefined).map(({ value }) => value);
  for (const { value, keyword } of given) {
    if (keyword === 'key') checkKey(value, python);
    else check(value, python);
  }
  if (name === 'print') python.prints = true;
  // With three it makes a class.
  if (name === 'type' && plain.length !== 1) throw new Unknown();
  // Asked of a path, without a number, it is whom a file belongs to.
  if (name === '.group' && plain.length === 0 && python.text.includes('pathlib')) throw new Unknown();
  if (name === 'open') checkOpen(plain, given, python);
  else if (/^glob\.i?glob$/.test(name)) readMatching('.', plain, python);
  else if (name === 'pathlib.Path') checkPath(node, python);
  else if (name === 'sqlite3.connect') checkDatabase(plain, given, python);
  else if (name === 'inspect.getmembers') {
    // Of all that a module holds, modules too would be among what is looked at.
    if (plain.length !== 2 || !/^inspect\.is\w+$/.test(textOf(plain[1] ?? callee, python))) throw new Unknown();
  } else if (name === 'getattr') checkAttribute(plain, python);
  else if (name === '.execute') checkQuery(plain, python);
  else if (/^\.(?:read_text|exists|is_file|is_dir|iterdir|r?glob)$/.test(name))
    checkOfPath(name, callee, plain, python);
}

interface Argument {
  value: SyntaxNode;
  keyword?: string;
}

function argumentsOf(args: SyntaxNode, called: string, python: Python): Argument[] {
  const found: Argument[] = [];
  const children = childrenOf(args);
  for (const [at, value] of children.entries()) {
    if (value.name === 'AssignOp') {
      if (textOf(value, python) !== '=') throw new Unknown();
    } else if (/^\*|^async$/.test(value.name)) throw new Unknown();
    else if (!between.test(value.name) && children[at + 1]?.name !== 'AssignOp') {
      const name = children[at - 1]?.name === 'AssignOp' ? children[at - 2] : undefined;
      const keyword = name === undefined ? undefined : textOf(name, python);
      if (keyword !== undefined && keywords[called]?.has(keyword) !== true) throw new Unknown();
      found.push({ value, ...(keyword === undefined ? {} : { keyword }) });
    }
  }
  return found;
}

/** By what is sorted: a function that stands there, or one that takes a value and nothing else. */
function checkKey(node: SyntaxNode, python: Python): void {
  if (node.name === 'VariableName' && /^(?:len|str|int|float|abs)$/.test(textOf(node, python))) return;
  if (node.name !== 'LambdaExpression') throw new Unknown();
  for (const part of partsOf(node)) check(part, python);
}

/** By which it is called: a function by its name, one of a module with that, one of a value with a point before it. */
function calledName(callee: SyntaxNode, python: Python): string {
  if (callee.name === 'VariableName') {
    const name = textOf(callee, python);
    const module = python.brought.get(name);
    if (module !== undefined) return `${module}.${name}`;
    if (!functions.has(name) && name !== 'open' && name !== 'getattr') throw new Unknown();
    return name;
  }
  const [object, property, ...more] = partsOf(callee);
  if (
    callee.name !== 'MemberExpression' ||
    object === undefined ||
    property?.name !== 'PropertyName' ||
    more.length > 0
  ) {
    throw new Unknown();
  }
  const name = textOf(property, python);
  const module = textOf(object, python);
  if (/^(?:datetime\.)?(?:datetime|date)$/.test(module) && ofDates.has(name)) return `datetime.${name}`;
  if (object.name === 'VariableName' && Object.hasOwn(known, module)) {
    if (known[module]?.has(name) !== true) throw new Unknown();
    return `${module}.${name}`;
  }
  check(object, python);
  const ofPath = /^(?:read_text|exists|is_file|is_dir|iterdir|r?glob)$/.test(name);
  const asked = ofPath || (ofDatabase.has(name) && /\bsqlite3\b/.test(python.text));
  if (!(python.own ? anyMethods : methods).has(name) && (python.own || !asked)) throw new Unknown();
  return `.${name}`;
}

/** `Path('src')`, `pathlib.Path('src')`: the folder; undefined: it is another expression. */
function pathMade(node: SyntaxNode, python: Python): string | undefined {
  const [callee, args] = node.name === 'CallExpression' ? partsOf(node) : [];
  if (callee === undefined || args === undefined) return undefined;
  const name = textOf(callee, python);
  if (name !== 'pathlib.Path' && !(name === 'Path' && python.brought.get('Path') === 'pathlib')) return undefined;
  const [first, ...others] = partsOf(args);
  const path = first === undefined ? '.' : literal(first, python);
  return others.length > 0 ? undefined : path === '' ? '.' : path;
}

/** A path is made to ask one thing of it: what is made of it otherwise could lead anywhere. */
function checkPath(node: SyntaxNode, python: Python): void {
  const member = node.parent;
  const property = member?.name === 'MemberExpression' ? partsOf(member)[1] : undefined;
  const asked =
    property?.name === 'PropertyName' &&
    /^(?:read_text|exists|is_file|is_dir|iterdir|r?glob)$/.test(textOf(property, python));
  const called = member?.parent?.name === 'CallExpression' && member.parent.firstChild?.from === member.from;
  if (python.own || !asked || !called || pathMade(node, python) === undefined) throw new Unknown();
}

function checkOfPath(name: string, callee: SyntaxNode, given: readonly SyntaxNode[], python: Python): void {
  const [object] = partsOf(callee);
  if (object === undefined || python.own) throw new Unknown();
  if (object.name === 'VariableName' && python.found.has(textOf(object, python))) {
    // What was found in a folder is read with that.
    if (/glob|iterdir/.test(name) || given.length > 0) throw new Unknown();
    return;
  }
  const path = pathMade(object, python);
  if (path === undefined) throw new Unknown();
  if (name.endsWith('glob')) return readMatching(path, given, python);
  if (given.length > 0) throw new Unknown();
  python.paths.push({ effect: 'read', path, glob: false, ...(name === '.read_text' ? {} : { nameOnly: true }) });
}

/** Plain letters, and `*`: every program understands these alike. */
const pattern = String.raw`(?:[\w*-][\w.*-]*\/)*[\w*-][\w.*-]*`;

/** A loop over this goes over files that are found in a folder. */
function isSearch(text: string, { brought }: Python): boolean {
  const [, made, listed] =
    new RegExp(
      String.raw`^(?:sorted\()?(?:((?:pathlib\.)?Path)\((?:'[^'\\]*'|"[^"\\]*")?\)\.r?glob|((?:glob\.)?i?glob))\((?:'${pattern}'|"${pattern}")\)\)?$`,
    ).exec(text) ?? [];
  if (made !== undefined) return made.startsWith('pathlib.') || brought.get('Path') === 'pathlib';
  return listed !== undefined && (listed.startsWith('glob.') || brought.get(listed) === 'glob');
}

function checkOpen(plain: readonly SyntaxNode[], given: readonly Argument[], python: Python): void {
  const [file, mode, ...more] = plain;
  const named = (keyword: string) => given.find((each) => each.keyword === keyword)?.value;
  const modes = [mode, named('mode')].filter((each) => each !== undefined);
  const reads = modes.every((each) => /^(?:r|rb|rt)$/.test(literal(each, python) ?? ''));
  const others = [named('encoding'), named('errors')].filter((each) => each !== undefined);
  const plainly = others.every((each) =>
    /^(?:utf-?8(?:-sig)?|latin-?1|ascii|ignore|replace)$/i.test(literal(each, python) ?? ''),
  );
  if (file === undefined || more.length > 0 || !reads || !plainly || python.own) throw new Unknown();
  if (file.name === 'VariableName' && python.found.has(textOf(file, python))) return;
  const path = literal(file, python);
  if (path === undefined) throw new Unknown();
  python.paths.push({ effect: 'read', path, glob: false });
}

/** `getattr(x, 'name', None)`: no more than `x.name`. */
function checkAttribute([object, name, ...others]: readonly SyntaxNode[], python: Python): void {
  const text = literal(name, python) ?? '_';
  const known = python.own ? isPlain(text) : attributes.has(text);
  if (object === undefined || others.length > 1 || !/^\w+$/.test(text) || !known) throw new Unknown();
}

/** A file that is opened for nothing but to be read: otherwise it would be made where there is none. */
function checkDatabase(plain: readonly SyntaxNode[], given: readonly Argument[], python: Python): void {
  const [file, ...more] = plain;
  const uri = given.find(({ keyword }) => keyword === 'uri')?.value;
  const [, path] = /^file:(\w[\w./-]*)\?mode=ro$/.exec(literal(file, python) ?? '') ?? [];
  if (path === undefined || more.length > 0 || uri === undefined || textOf(uri, python) !== 'True') throw new Unknown();
  python.paths.push({ effect: 'read', path, glob: false });
}

/** A query that stands there, in three quotes where it has several lines, and perhaps values for it. */
function checkQuery([query, values, ...more]: readonly SyntaxNode[], python: Python): void {
  if (query === undefined || more.length > 0) throw new Unknown();
  const [, , lines] = /^("{3}|'{3})([^\\'"]*)\1$/.exec(textOf(query, python)) ?? [];
  const text = query.name === 'String' ? (lines ?? literal(query, python)) : undefined;
  if (text === undefined || text.trim().startsWith('.') || !onlySelects(text)) throw new Unknown();
  if (values !== undefined && values.name !== 'TupleExpression') throw new Unknown();
}

/** Files at every depth that fit a pattern by their names; what it says of folders leaves out more. */
function readMatching(folder: string, [first, ...others]: readonly SyntaxNode[], python: Python): void {
  const text = literal(first, python) ?? '';
  const test = new RegExp(`^${pattern}$`).test(text) ? nameTest(text.split('/').at(-1) ?? '') : undefined;
  if (test === undefined || others.length > 0 || python.own) throw new Unknown();
  const reaches = ({ path }: FileBelow): boolean => test(path.split('/').at(-1) ?? '');
  python.paths.push(filesBelow(folder, { reaches, key: `python ${text}` }));
}
