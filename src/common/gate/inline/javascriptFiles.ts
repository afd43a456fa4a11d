import type { SyntaxNode } from '@lezer/common';
import type { CommandPath } from '../form.ts';
import { type Found, foundAt, isSet, type JavaScript } from './javascriptNames.ts';
import { childrenOf, filesBelow, literal, partsOf, textOf, Unknown } from './tree.ts';

/** The files that an expression names: one, one for each word that a name stands for, or one of each entry of a folder. */
export function pathsOf(node: SyntaxNode, program: JavaScript): CommandPath[] {
  const path = literal(node, program);
  if (path !== undefined) return [{ effect: 'read', path, glob: false }];
  const texts = [''];
  const found: Found[] = [];
  for (const piece of piecesOf(node, program)) {
    if (typeof piece !== 'string') {
      found.push(piece);
      texts.push('');
    } else texts[texts.length - 1] += piece;
  }
  const [only] = found;
  const [before = '', after = ''] = texts;
  // Whoever reads it may take `..` for the folder above a link, or for that above what the link leads to.
  const plain = /^[\w-]*(?:\.[\w-]+)*(?:\/\w[\w.-]*)*$/.test(after) && !`${before}${after}`.includes('..');
  if (only === undefined || found.length > 1 || !plain) throw new Unknown();
  if ('words' in only) {
    return only.words.map((word) => ({ effect: 'read', path: `${before}${word}${after}`, glob: false }));
  }
  const folder = only.folder.replace(/\/$/, '');
  if (before !== `${folder}/` && before !== `./${folder}/`) throw new Unknown();
  return [belowFolder(folder, after)];
}

/** The entries of a folder themselves, or with this behind the name of each. */
function belowFolder(folder: string, after: string): CommandPath {
  const depth = after.split('/').length - 1;
  return filesBelow(folder, {
    reaches: ({ path }) => path.endsWith(after) && path.split('/').length === depth + 1,
    enters: (below) => below.split('/').length <= depth,
    key: `javascript ${after}`,
  });
}

/** Texts that are put together, and what was found. */
function piecesOf(node: SyntaxNode, program: JavaScript): (string | Found)[] {
  const text = literal(node, program);
  if (text !== undefined) return [text];
  if (node.name === 'VariableName') {
    const found = foundAt(node, program);
    if (found === undefined) throw new Unknown();
    return [found];
  }
  if (node.name === 'BinaryExpression') {
    const [left, right] = partsOf(node);
    const adds = childrenOf(node).some((each) => each.name === 'ArithOp' && textOf(each, program) === '+');
    if (!adds || left === undefined || right === undefined) throw new Unknown();
    return [...piecesOf(left, program), ...piecesOf(right, program)];
  }
  if (node.name === 'TemplateString') return piecesOfTemplate(node, program);
  const [callee, args] = node.name === 'CallExpression' ? partsOf(node) : [];
  const joins = callee !== undefined && textOf(callee, program) === 'path.join' && isSet(node, 'path', program);
  if (!joins || args === undefined) throw new Unknown();
  return partsOf(args).flatMap((each, at) => [...(at === 0 ? [] : ['/']), ...piecesOf(each, program)]);
}

function piecesOfTemplate(node: SyntaxNode, program: JavaScript): (string | Found)[] {
  const pieces: (string | Found)[] = [];
  let at = node.from + 1;
  for (const part of [...partsOf(node), undefined]) {
    const between = program.text.slice(at, part?.from ?? node.to - 1);
    if (between.includes('\\')) throw new Unknown();
    pieces.push(between);
    if (part === undefined) break;
    const [inner, ...others] = partsOf(part);
    if (inner === undefined || others.length > 0) throw new Unknown();
    pieces.push(...piecesOf(inner, program));
    at = part.to;
  }
  return pieces;
}
