import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/javascript';
import type { CommandPath } from '../form.ts';
import { pathsOf } from './javascriptFiles.ts';
import {
  bind,
  bring,
  bringsIn,
  functions,
  isSet,
  type JavaScript,
  known,
  made,
  reads,
  whole,
} from './javascriptNames.ts';
import { childrenOf, literal, names, partsOf, readPlain, textOf, Unknown } from './tree.ts';

/** What may be called on any value that can be had here. */
const methods = names(`
  map filter forEach reduce some every find findIndex findLast flatMap flat slice concat join sort toSorted reverse includes indexOf
  keys values entries split trim trimEnd trimStart padEnd padStart replace replaceAll match matchAll test toUpperCase toLowerCase
  startsWith endsWith toString toFixed toISOString toLocaleString repeat charAt at push has get add set substring localeCompare
  getFullYear getTime`);
/** Those that call what they are given. */
const calling = names(
  'map filter forEach reduce some every find findIndex findLast flatMap sort toSorted replace replaceAll from parse stringify',
);
/** By these names values are asked what they are; whoever sets them is called. */
const implicit = /^(?:constructor|prototype|__\w*|toString|valueOf|toJSON|then|get|set|inspect)$/;

/**
 * What a program in JavaScript reads that is written in the line. Undefined: it does more than to read files that it names, take them
 * apart and print.
 *
 * What is called is one of the functions above, by its name, and what these call stands there; no member of an object is set, and none
 * is looked up by a name that is not literal: so none of these names can come to mean anything else. It must run shut in all the same:
 * Node.js takes a folder for a module where there is one with the name of a file.
 */
export function readJavaScript(text: string): CommandPath[] | undefined {
  // A comment as in HTML is one to some programs and none to others. What is no program to it Node.js takes for TypeScript, where
  // what stands between `<` and `>` before a bracket or a slash is no comparison. `using [a]` sets a name to one program and takes an
  // element to another.
  if (/<!--|-->|(?<!=)>\s*[(`/]|\busing\b/.test(text)) return undefined;
  return readPlain(parser, text, (plainly, top) => {
    const program: JavaScript = {
      ...plainly,
      set: new Set(),
      found: new Map(),
      brought: new Set(),
      looks: false,
      prints: false,
    };
    bring(top, program);
    bind(top, program);
    check(top, program);
    // What neither looks at anything of the folder nor says anything has another purpose.
    if (!program.looks && program.paths.length === 0 && !program.prints) throw new Unknown();
    return program.paths;
  });
}

const plain = names(`
  Script TryStatement CatchClause FinallyClause ExpressionStatement VariableDeclaration VariableDefinition ForStatement IfStatement Block ReturnStatement
  ParenthesizedExpression ConditionalExpression ArrayExpression ObjectExpression TemplateString Interpolation
  ArrowFunction ParamList ArrayPattern ObjectPattern PatternProperty String Escape Number BooleanLiteral`);

function check(node: SyntaxNode, program: JavaScript): void {
  if (bringsIn(node, program)) return;
  if (childrenOf(node).some(({ name }) => /^(?:async|await|yield|delete|this|super|new\.target)$/.test(name)))
    throw new Unknown();
  switch (node.name) {
    case 'CallExpression':
      return checkCall(node, program);
    case 'NewExpression':
      return checkNew(node, program);
    case 'VariableName':
      return checkName(node, program);
    case 'MemberExpression':
      return checkMember(node, program);
    case 'Property':
    case 'PatternProperty':
      checkKey(node, program);
      break;
    case 'AssignmentExpression':
      if (counts(node, program)) return;
      if (partsOf(node)[0]?.name !== 'VariableName') throw new Unknown();
      break;
    case 'PostfixExpression':
      if (!/^\w+(?:\+\+|--)$/.test(textOf(node, program))) throw new Unknown();
      break;
    case 'BinaryExpression':
      if (partsOf(node).some(({ name }) => name === 'ArrowFunction')) throw new Unknown();
      break;
    case 'RegExp':
      // The parser takes one without an end too, in which Node.js sees a type of TypeScript and a program.
      if (!/^\/[^\n]+\/[dgimsuvy]*$/.test(textOf(node, program))) throw new Unknown();
      break;
    case 'ForOfSpec':
    case 'ForInSpec':
      // Without one of these words its target could be a member of anything.
      if (!childrenOf(node).some(({ name }) => /^(?:const|let|var)$/.test(name))) throw new Unknown();
      break;
    case 'UnaryExpression':
      if (!/^(?:typeof\b|!|-(?!-)|\+(?!\+))/.test(textOf(node, program))) throw new Unknown();
      break;
    default:
      if (!plain.has(node.name)) throw new Unknown();
  }
  for (const part of partsOf(node)) if (!/^Property(?:Definition|Name)$/.test(part.name)) check(part, program);
}

/**
 * `counts[KEY] = (counts[KEY] || 0) + 1`, where it is an object of the program's own: whatever the key is, what is put there is a number,
 * or a text.
 */
function counts(node: SyntaxNode, program: JavaScript): boolean {
  const [, name = ''] =
    /^(\w+)\[([^]+)\] ?= ?\(\1\[\2\] ?(?:\|\||\?\?) ?0\) ?\+ ?\d+$/.exec(textOf(node, program)) ?? [];
  const [, key] = partsOf(partsOf(node)[0] ?? node);
  const own = new RegExp(String.raw`\bconst ${name} ?= ?\{\}`).test(program.text);
  if (name === '' || key === undefined || !own) return false;
  if (!isSet(node, name, program)) return false;
  check(key, program);
  return true;
}

function checkName(node: SyntaxNode, program: JavaScript): void {
  const name = textOf(node, program);
  // With a module as a whole all of it could be called, under any name.
  if (/^(?:fs|path)$/.test(name)) throw new Unknown();
  if (isSet(node, name, program) || /^(?:undefined|NaN|Infinity)$/.test(name)) return;
  throw new Unknown();
}

/** `{ a, b: 1, ...c }`: nothing that is called when it is looked at. */
function checkKey(node: SyntaxNode, program: JavaScript): void {
  const [first] = childrenOf(node);
  const inside = childrenOf(node);
  if (inside.some(({ name }) => /^(?:get|set|\*|\[|Block|ParamList)$/.test(name))) throw new Unknown();
  if (first?.name === 'Spread') return;
  const key = first === undefined ? '' : textOf(first, program).replaceAll(/^['"]|['"]$/g, '');
  // What is called by one of these names is what everything has.
  if (implicit.test(key) || methods.has(key) || key.includes('\\')) throw new Unknown();
  // `{ a }` is the value of `a`.
  if (first?.name === 'PropertyDefinition' && inside.length === 1) {
    if (!isSet(node, key, program) || /^(?:fs|path)$/.test(key)) throw new Unknown();
  }
}

function checkMember(node: SyntaxNode, program: JavaScript): void {
  const [object, property] = partsOf(node);
  if (object === undefined || property === undefined) throw new Unknown();
  const name = textOf(object, program);
  if (name === 'process') {
    const version = property.name === 'PropertyName' && /^(?:versions?|platform|arch)$/.test(textOf(property, program));
    if (!version) throw new Unknown();
    program.looks = true;
    return;
  }
  check(object, program);
  if (property.name === 'PropertyName') {
    if (implicit.test(textOf(property, program))) throw new Unknown();
  } else if (property.name === 'String') {
    const key = literal(property, program);
    if (key === undefined || implicit.test(key)) throw new Unknown();
  } else if (property.name !== 'Number') throw new Unknown();
}

function checkCall(node: SyntaxNode, program: JavaScript): void {
  const [callee, args, ...others] = partsOf(node);
  if (callee === undefined || args?.name !== 'ArgList' || others.length > 0) throw new Unknown();
  const given = partsOf(args);
  if (childrenOf(args).some(({ name }) => name === 'Spread')) throw new Unknown();
  if (callee.name === 'VariableName') {
    const name = textOf(callee, program);
    if (name === 'require') return checkRequire(node, given, program);
    if (program.brought.has(name)) return checkFile(name, given, program);
    if (!functions.has(name)) throw new Unknown();
    for (const each of given) check(each, program);
    return;
  }
  const [object, property, ...more] = partsOf(callee);
  if (
    callee.name !== 'MemberExpression' ||
    property?.name !== 'PropertyName' ||
    object === undefined ||
    more.length > 0
  ) {
    throw new Unknown();
  }
  const name = textOf(property, program);
  const on = textOf(object, program);
  const module =
    /^require\((['"])(?:node:)?(fs|path)\1\)$/.exec(on)?.[2] ??
    (/^(?:fs|path)$/.test(on) && isSet(object, on, program) ? on : undefined);
  if (module === 'fs') return checkFile(name, given, program);
  if (on === 'require' && name === 'resolve') return checkResolve(given, program);
  if (module === 'path' || (object.name === 'VariableName' && on !== 'path' && Object.hasOwn(known, on))) {
    if (known[module ?? on]?.has(name) !== true) throw new Unknown();
    if (on === 'console') program.prints = true;
  } else {
    if (!methods.has(name)) throw new Unknown();
    check(object, program);
  }
  if (name === 'parse' && given.length > 1) throw new Unknown();
  for (const [at, each] of given.entries()) {
    const data = /^(?:from|parse|stringify)$/.test(name) && at === 0;
    if (calling.has(name) && !data) checkCallback(each, program);
    else check(each, program);
  }
}

/** What is called for each element stands there, or makes no more than a value of it. */
function checkCallback(node: SyntaxNode, program: JavaScript): void {
  if (/^(?:Number|String|Boolean|parseInt|parseFloat|console\.log|JSON\.stringify)$/.test(textOf(node, program)))
    return;
  if (
    !/^(?:ArrowFunction|String|Number|RegExp|BooleanLiteral|null|ArrayExpression|ObjectExpression|TemplateString|UnaryExpression)$/.test(
      node.name,
    )
  ) {
    throw new Unknown();
  }
  if (node.name !== 'null') check(node, program);
}

function checkNew(node: SyntaxNode, program: JavaScript): void {
  const [type, args] = partsOf(node);
  if (type?.name !== 'VariableName' || !made.has(textOf(type, program))) throw new Unknown();
  for (const each of args === undefined ? [] : partsOf(args)) check(each, program);
}

/** Data of the workspace or of a package, and the modules that read. */
function checkRequire(node: SyntaxNode, [file, ...others]: readonly SyntaxNode[], program: JavaScript): void {
  const name = literal(file, program);
  if (file === undefined || others.length > 0) throw new Unknown();
  if (name === undefined) {
    // An ending that it does not have it would look for itself, and for a program too.
    if (!/\.json[`'"]$/.test(textOf(file, program)) || !/^[`'"]\.{1,2}\//.test(textOf(file, program)))
      throw new Unknown();
    program.paths.push(...pathsOf(file, program));
  } else if (/^(?:node:)?(?:fs|path)$/.test(name)) {
    // Under its own name, or to call one of its functions at once.
    const named = node.parent?.name === 'VariableDeclaration' && /^(?:fs|path)$/.test(definedName(node, program));
    if (!named) throw new Unknown();
  } else if (/^(?:\.\/|(?:\.\.\/)+)(?!(?:[^]*\/)?\.\.\/)[^]*\.json$/.test(name))
    program.paths.push({ effect: 'read', path: name, glob: false });
  else if (!/^(?:@[\w.-]+\/)?[\w.-]+\/package\.json$/.test(name)) throw new Unknown();
}

/** Where a package lies, whether there is one. */
function checkResolve([file, ...others]: readonly SyntaxNode[], program: JavaScript): void {
  const name = literal(file, program);
  if (others.length > 0 || name === undefined || !/^(?:@[\w.-]+\/)?\w[\w.-]*(?:\/[\w.-]+)*$/.test(name))
    throw new Unknown();
  program.looks = true;
}

function definedName(node: SyntaxNode, program: JavaScript): string {
  const before = node.prevSibling?.prevSibling;
  return before === null || before === undefined ? '' : textOf(before, program);
}

/** A file that is named, and nothing is written. */
function checkFile(name: string, [file, ...options]: readonly SyntaxNode[], program: JavaScript): void {
  if (file === undefined || !reads.has(name)) throw new Unknown();
  if (options.some((each) => !/^['"](?:utf-?8|latin1|ascii|base64|hex)['"]$/.test(textOf(each, program))))
    throw new Unknown();
  const paths = pathsOf(file, program);
  const named = paths.map(({ effect, path, glob }): CommandPath => ({ effect, path, glob, nameOnly: true }));
  program.paths.push(...(name === whole ? paths : named));
}
