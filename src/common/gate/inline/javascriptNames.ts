import type { SyntaxNode } from '@lezer/common';
import { childrenOf, literal, names, partsOf, type Program, textOf, Unknown } from './tree.ts';

/** What the names in a program in JavaScript on the command line mean. */

/** Of the module `fs`: what reads, and nothing else. */
export const reads = names('readFileSync existsSync readdirSync statSync');
/** What reads a whole file; the others say no more of it than that it is there. */
export const whole = 'readFileSync';

/** Functions of objects that everything has, which make and print values. */
export const known: Readonly<Record<string, ReadonlySet<string>>> = {
  console: names('log table error warn info dir'),
  JSON: names('parse stringify'),
  Object: names('keys values entries'),
  Math: names('max min round floor ceil abs sqrt trunc log2 log10'),
  Array: names('from isArray of'),
  Number: names('isInteger isFinite isNaN parseInt parseFloat'),
  Date: names('now parse'),
  path: names('basename dirname extname join relative'),
};
export const functions = names('Number String Boolean parseInt parseFloat isNaN');
export const made = names('Set Map Date');

export interface JavaScript extends Program {
  /** Names that the program sets, each with where. */
  set: Set<string>;
  /** Of these, what stands for each name in a folder, or for each of some words. */
  found: Map<string, Found>;
  /** Functions of `fs` by their own names. */
  brought: Set<string>;
  /** It looks at something at all. */
  looks: boolean;
  prints: boolean;
}

/** A folder of which a name stands for each entry, or the words for each of which it stands. */
export type Found = { folder: string } | { words: readonly string[] };

const modules = String.raw`(['"])(?:node:)?(fs|path)`;
const imported = new RegExp(String.raw`^import (?:\* as )?(\w+|\{ ?\w+(?: ?, ?\w+)* ?\}) from ${modules}\2;?$`);
const required = new RegExp(String.raw`^(?:const|let|var) (\{ ?\w+(?: ?, ?\w+)* ?\}) ?= ?require\(${modules}\2\);?$`);

/** The modules that are brought in at the top, under their own names or as functions with theirs. */
export function bring(top: SyntaxNode, program: JavaScript): void {
  for (const node of childrenOf(top)) {
    const [, what = '', , module = ''] =
      imported.exec(textOf(node, program)) ?? required.exec(textOf(node, program)) ?? [];
    if (what.startsWith('{')) {
      const brought = what.match(/\w+/g) ?? [];
      if (module !== 'fs' || !brought.every((each) => reads.has(each))) throw new Unknown();
      for (const each of brought) program.brought.add(each);
    } else if (node.name === 'ImportDeclaration') {
      if (what === '' || what !== module) throw new Unknown();
      program.set.add(keyOf(top, what));
    }
  }
}

/** Whether a statement is one of those that bring them in. */
export function bringsIn(node: SyntaxNode, program: JavaScript): boolean {
  return node.parent?.name === 'Script' && (node.name === 'ImportDeclaration' || required.test(textOf(node, program)));
}

/** Names are set before any is looked at: what a function uses may be set behind it. */
export function bind(node: SyntaxNode, program: JavaScript): void {
  if (bringsIn(node, program)) return;
  if (node.name === 'VariableDefinition') {
    const name = textOf(node, program);
    const value = node.nextSibling?.nextSibling;
    // These two are known by their names, and mean what they are known for.
    if (/^(?:fs|path)$/.test(name)) {
      const module = value === null || value === undefined ? '' : textOf(value, program);
      if (!new RegExp(`^require\\((['"])(?:node:)?${name}\\1\\)$`).test(module)) throw new Unknown();
    } else if (isTaken(name, program)) throw new Unknown();
    const scope = scopesOf(node).next().value;
    if (scope !== undefined) {
      const key = keyOf(scope, name);
      const found = foundBy(node, program);
      // Whatever else it may stand for, its name says nothing of where that lies.
      if (found === undefined || program.set.has(key)) program.found.delete(key);
      else program.found.set(key, found);
      program.set.add(key);
    }
  }
  for (const child of childrenOf(node)) bind(child, program);
}

function isTaken(name: string, { brought }: JavaScript): boolean {
  const said = Object.hasOwn(known, name) || functions.has(name) || made.has(name) || brought.has(name);
  return said || reserved.test(name);
}

/** `for (const NAME of LIST)`, `LIST.map((NAME) => ...)`: what the name stands for, where the list says so. */
function foundBy(node: SyntaxNode, program: JavaScript): Found | undefined {
  const { parent } = node;
  // `var` would set a name of the function around the place where it stands.
  if (/\bvar\b/.test(program.text) || !/^\w+$/.test(textOf(node, program))) return undefined;
  if (parent?.name === 'ForOfSpec') {
    const list = partsOf(parent).at(-1);
    const constant = childrenOf(parent).some(({ name }) => name === 'const');
    return constant && list !== undefined ? listed(list, program) : undefined;
  }
  const callback = parent?.name === 'ParamList' ? parent.parent : undefined;
  const call = callback?.name === 'ArrowFunction' ? callback.parent?.parent : undefined;
  const [callee, args] = call?.name === 'CallExpression' ? partsOf(call) : [];
  const [list, method] = callee?.name === 'MemberExpression' ? partsOf(callee) : [];
  if (args === undefined || list === undefined || method === undefined) return undefined;
  const first = isPlainCall(args) && partsOf(parent ?? node)[0]?.from === node.from;
  const each = /^(?:map|forEach|filter|flatMap|some|every|find)$/.test(textOf(method, program));
  return first && each && !isChanged(textOf(node, program), program) ? listed(list, program) : undefined;
}

/** With nothing, or with a function that is not given the list itself: it could put more into that. */
function isPlainCall(args: SyntaxNode): boolean {
  const [only, ...others] = partsOf(args);
  if (only === undefined) return true;
  const [params] = partsOf(only);
  return others.length === 0 && only.name === 'ArrowFunction' && params !== undefined && partsOf(params).length <= 2;
}

/** It is set to something else somewhere, whichever name of that kind is meant. */
function isChanged(name: string, { text }: JavaScript): boolean {
  return new RegExp(String.raw`(?<![\w$])${name}\s*(?:[-+*/%&|^?<>]*=(?![=>])|\+\+|--)|(?:\+\+|--)\s*${name}\b`).test(
    text,
  );
}

/** The names in a folder that is named, or words that stand there; sorted, or some of them. */
function listed(node: SyntaxNode, program: JavaScript): Found | undefined {
  if (node.name === 'ArrayExpression') {
    const words = partsOf(node).map((each) => literal(each, program));
    const plainly = childrenOf(node).every(({ name }) => /^(?:String|[[\],])$/.test(name));
    return plainly && words.every((each) => each !== undefined && /^\w[\w./-]*$/.test(each) && !each.includes('..'))
      ? { words: words.filter((each) => each !== undefined) }
      : undefined;
  }
  const [callee, args] = node.name === 'CallExpression' ? partsOf(node) : [];
  if (callee === undefined || args === undefined) return undefined;
  const [object, method] = callee.name === 'MemberExpression' ? partsOf(callee) : [];
  const some = method !== undefined && /^(?:filter|sort|reverse)$/.test(textOf(method, program));
  if (object !== undefined && some) return isPlainCall(args) ? listed(object, program) : undefined;
  const name = textOf(callee, program).replace(/^(?:fs|require\((['"])(?:node:)?fs\1\))\./, '');
  const [folder, ...others] = partsOf(args);
  const path = literal(folder, program);
  return name === 'readdirSync' && others.length === 0 && path !== undefined ? { folder: path } : undefined;
}

const reserved = /^(?:require|undefined|NaN|Infinity|eval|arguments|process)$/;

/** The parts of a program around a node in which a name can be set, the nearest first. */
function* scopesOf(node: SyntaxNode): Generator<SyntaxNode> {
  for (let at = node.parent; at !== null; at = at.parent) {
    if (/^(?:ArrowFunction|Block|CatchClause|ForStatement|Script)$/.test(at.name)) yield at;
  }
}

export function keyOf({ from, to, name: kind }: SyntaxNode, name: string): string {
  return `${kind} ${from} ${to} ${name}`;
}

/** Whether a name stands for what the program has set around this place; elsewhere it could be anything that everybody has. */
export function isSet(node: SyntaxNode, name: string, { set }: JavaScript): boolean {
  return [...scopesOf(node)].some((scope) => set.has(keyOf(scope, name)));
}

/** What a name stands for, where its nearest meaning is that it has been found. */
export function foundAt(node: SyntaxNode, program: JavaScript): Found | undefined {
  const name = textOf(node, program);
  const nearest = [...scopesOf(node)].map((scope) => keyOf(scope, name)).find((key) => program.set.has(key));
  return nearest === undefined ? undefined : program.found.get(nearest);
}
