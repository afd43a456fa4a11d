import type { SyntaxNode, Tree } from '@lezer/common';
import type { LRParser } from '@lezer/lr';
import type { Below } from '../below.ts';
import type { CommandPath } from '../form.ts';

/** What keeps a program from being known: its reader gives up. */
export class Unknown extends Error {}

/** A program that is gone through. */
export interface Program {
  text: string;
  /** What it reads. */
  paths: CommandPath[];
}

/** Words that are parted by blanks. */
export function names(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** Longer ones nobody reads on a line; deeper ones take a parser long. */
const longest = 3000;
const deepest = 24;

/**
 * What a program reads; undefined where it is not known, or its text not plain: it can be read in one way only, whoever reads it. No
 * sign stands in it that an interpreter could take for the end of a line or for another letter, and no comment.
 */
export function readPlain(
  parser: LRParser,
  text: string,
  read: (program: Program, top: SyntaxNode) => CommandPath[],
): CommandPath[] | undefined {
  const strange = /[^\n\t -~\u00a1-\ud7ff\uf900-\ufefe]|\\\n|\u2028|\u2029/;
  if (text.length > longest || strange.test(text) || depthOf(text) > deepest) return undefined;
  try {
    const tree = parser.configure({ strict: true }).parse(text);
    assertPlain(tree, text);
    return read({ text, paths: [] }, tree.topNode);
  } catch (error) {
    // Of a text that is no program the parser says so with an error of the language.
    if (error instanceof Unknown || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** How many brackets stand within each other, at most; those in texts count too. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (const sign of text) {
    if ('([{'.includes(sign)) most = Math.max(most, ++depth);
    else if (')]}'.includes(sign)) depth = Math.max(0, depth - 1);
  }
  return most;
}

function assertPlain(tree: Tree, text: string): void {
  tree.iterate({
    enter: ({ type, name, from, to }) => {
      const named = /Name$|Definition$/.test(name) && /[^ -~]|\\/.test(text.slice(from, to));
      if (type.isError || name.endsWith('Comment') || named) throw new Unknown();
    },
  });
}

/** All that stands in it, signs and words of the language too. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) found.push(child);
  return found;
}

/** Its expressions, statements and names. Signs have names that are no words, words of the language small ones. */
export function partsOf(node: SyntaxNode): SyntaxNode[] {
  return childrenOf(node).filter(({ name }) => /^[A-Z]/.test(name) && !signs.has(name));
}

const signs = names(
  'AssignOp ArithOp CompareOp BitOp LogicOp UpdateOp Equals Arrow Spread InterpolationStart InterpolationEnd',
);

export function textOf({ from, to }: SyntaxNode, { text }: Program): string {
  return text.slice(from, to);
}

/** A text between quotes in which nothing stands for anything else. */
export function literal(node: SyntaxNode | undefined, program: Program): string | undefined {
  if (node?.name !== 'String') return undefined;
  return /^(?:'([^'\\\n]*)'|"([^"\\\n]*)")$/
    .exec(textOf(node, program))
    ?.slice(1)
    .find((each) => each !== undefined);
}

/** Files below a folder, of all that are there, behind links too: those that a program would read whatever their names are. */
export function filesBelow(folder: string, which: Pick<Below, 'reaches' | 'enters' | 'key'>): CommandPath {
  const all = { hidden: true, ignored: true, links: true, follows: true, plain: false };
  return { effect: 'read', path: folder, glob: false, below: { ...all, ...which } };
}
