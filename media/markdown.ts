import MarkdownIt from 'markdown-it';
import { dropHidden } from '../src/common/gate/hidden.ts';
import { highlight } from './highlight.ts';

/**
 * Markdown to HTML, block by block. What comes out still goes through `sanitise` before it is shown: two locks, because
 * the text is a model's and may be somebody else's words.
 */

/** A top-level block. Blocks in a row are the whole text. */
export interface Block {
  source: string;
  html: string;
}

/**
 * Characters beyond which a text is shown as it was written, and as far. Reading takes about 10 microseconds a character at worst (measured: a
 * megabyte of `![` took ten seconds, in which the page did nothing else); an answer has at most some 30,000.
 */
const LONGEST = 100_000;

const SCHEMES = /^(?:https?|mailto):/i;

/** True for the only links that may be followed. */
export function isSafeLink(url: string): boolean {
  return SCHEMES.test(url) && URL.canParse(url);
}

const md = new MarkdownIt({ html: false, linkify: true, breaks: false });
// Without a scheme `README.md` would be taken for a site in Moldova.
md.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
md.validateLink = isSafeLink;

const { escapeHtml } = md.utils;

// A link has no href: the editor would follow one by itself. The panel asks the extension, which asks the person.
md.renderer.rules['link_open'] = (tokens, index) => {
  const url = String(tokens[index]?.attrGet('href') ?? '');
  return `<a role="link" tabindex="0" data-link="${escapeHtml(url)}" title="${escapeHtml(url)}">`;
};

// Nothing is loaded because a model named it.
md.renderer.rules['image'] = (tokens, index) => {
  const token = tokens[index];
  const name = token?.content === '' ? 'image' : (token?.content ?? 'image');
  const source = String(token?.attrGet('src') ?? '');
  return `<span class="picture">${escapeHtml(name)} (${escapeHtml(source)})</span>`;
};

const code = (source: string, info: string): string => {
  const language = /^[\w#+.-]+/.exec(info.trim())?.[0] ?? '';
  const body = highlight(source, language.toLowerCase()) ?? escapeHtml(source);
  return `<div class="code"><div class="code-head"><span class="code-language">${escapeHtml(language)}</span><button type="button" class="icon-button" data-copy="" title="Copy" aria-label="Copy code"><span class="codicon codicon-copy"></span></button></div><pre tabindex="0"><code>${body}</code></pre></div>\n`;
};
md.renderer.rules['fence'] = (tokens, index) => code(tokens[index]?.content ?? '', tokens[index]?.info ?? '');
md.renderer.rules['code_block'] = (tokens, index) => code(tokens[index]?.content ?? '', '');

// The page's policy forbids style attributes, so a column's side is a class.
for (const cell of ['th', 'td']) {
  md.renderer.rules[`${cell}_open`] = (tokens, index) => {
    const side = /(center|right)/.exec(String(tokens[index]?.attrGet('style') ?? ''))?.[1];
    return side === undefined ? `<${cell}>` : `<${cell} class="${side}">`;
  };
}
md.renderer.rules['table_open'] = () => '<div class="table" tabindex="0"><table>';
md.renderer.rules['table_close'] = () => '</table></div>';

/**
 * The blocks of a text. With the blocks of its beginning, only what can still have changed is read again: text that is
 * appended can change the last block and none before it. (A reference that is defined later is the exception; a text
 * that is complete is therefore read as a whole.)
 */
export function toBlocks(text: string, before: readonly Block[] = []): Block[] {
  const source = dropHidden(text.replaceAll(/\r\n?/g, '\n'));
  if (source.length > LONGEST) return [{ source, html: asWritten(source) }];
  const kept: Block[] = [];
  let offset = 0;
  for (const block of before.slice(0, -1)) {
    if (!source.startsWith(block.source, offset)) break;
    kept.push(block);
    offset += block.source.length;
  }
  return [...kept, ...parse(source.slice(offset))];
}

function asWritten(source: string): string {
  const count = source.length.toLocaleString('en');
  const note = `<p><em>${count} characters are too many to be laid out: this is their beginning, as it was written. Copy the answer for all of it.</em></p>`;
  return `${note}\n<p class="plain">${escapeHtml(source.slice(0, LONGEST))}</p>\n`;
}

function parse(source: string): Block[] {
  const environment = {};
  const tokens = md.parse(source, environment);
  const starts: { token: number; line: number }[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.level === 0 && token.nesting >= 0 && token.map) starts.push({ token: index, line: token.map[0] });
  }
  if (starts.length === 0) return source === '' ? [] : [{ source, html: '' }];
  const offsets = lineOffsets(source);
  return starts.map((start, index) => {
    const next = starts[index + 1];
    const from = index === 0 ? 0 : (offsets[start.line] ?? 0);
    return {
      source: source.slice(from, next === undefined ? undefined : offsets[next.line]),
      html: md.renderer.render(tokens.slice(start.token, next?.token), md.options, environment),
    };
  });
}

function lineOffsets(source: string): number[] {
  const offsets = [0];
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) offsets.push(at + 1);
  return offsets;
}
