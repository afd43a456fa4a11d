import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../src/common/errors.ts';
import { opening } from '../../../src/vscode/url.ts';
import { hostileMarkdown } from '../../support/hostileMarkdown.ts';

describe('what the person is shown before a link is opened', () => {
  it.each<[string, ReturnType<typeof opening>]>([
    [
      'https://example.com/a?b=c#d',
      {
        address: 'https://example.com/a?b=c#d',
        question: 'Open a page of example.com?',
        detail: 'https://example.com/a?b=c#d',
      },
    ],
    [
      'http://127.0.0.1:8080',
      {
        address: 'http://127.0.0.1:8080/',
        question: 'Open a page of 127.0.0.1:8080?',
        detail: 'http://127.0.0.1:8080/',
      },
    ],
    [
      'mailto:ada@example.com?subject=Hi&attach=/etc/passwd',
      {
        address: 'mailto:ada@example.com?subject=Hi&attach=/etc/passwd',
        question: 'Write a mail to ada@example.com?',
        detail: 'mailto:ada@example.com?subject=Hi&attach=/etc/passwd',
      },
    ],
    [
      // The first letter is Cyrillic.
      'https://\u0430pple.com/login',
      {
        address: 'https://xn--pple-43d.com/login',
        question: 'Open a page of xn--pple-43d.com?',
        detail:
          'https://xn--pple-43d.com/login\n\nSome letters of this name are not Latin ones, even where they look so (it is shown as “\u0430pple.com”).',
      },
    ],
    [
      'https://good.example:secret@evil.example/',
      {
        address: 'https://good.example:secret@evil.example/',
        question: 'Open a page of evil.example?',
        detail:
          'https://good.example:secret@evil.example/\n\nWhat stands before the @ is no site but a name to log in with; the site is evil.example.',
      },
    ],
    [
      'https://evil.example\\@good.example/',
      {
        address: 'https://evil.example/@good.example/',
        question: 'Open a page of evil.example?',
        detail: 'https://evil.example/@good.example/',
      },
    ],
    [
      'HTTPS://EXAMPLE.com/\u202Egpj.exe',
      {
        address: 'https://example.com/%E2%80%AEgpj.exe',
        question: 'Open a page of example.com?',
        detail: 'https://example.com/%E2%80%AEgpj.exe',
      },
    ],
  ])('%s', (url, shown) => {
    expect(opening(url)).toEqual(shown);
  });

  it.each([
    'javascript:alert(1)',
    'command:workbench.action.terminal.new',
    'vscode://x',
    'file:///etc/passwd',
    'data:text/html,x',
    '//evil.example',
    'src/a.ts',
    '',
    'https:',
    'mailto:',
    `https://example.com/${'x'.repeat(3000)}`,
  ])('is nothing for %s: it is not opened', (url) => {
    expect(() => opening(url)).toThrow(Problem);
  });

  it('is plain ASCII and the very address, whatever the text', () => {
    const texts = fc.oneof(
      fc.constantFrom(...hostileMarkdown),
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc.string({ unit: 'binary' }),
      fc
        .tuple(fc.constantFrom('https://', 'http:', 'mailto:', 'command:', 'HTTPS:\\\\'), fc.string({ unit: 'binary' }))
        .map((all) => all.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        let shown;
        try {
          shown = opening(text);
        } catch (error) {
          expect(error).toBeInstanceOf(Problem);
          return;
        }
        expect(shown.address).toMatch(/^(?:https?|mailto):[\u0021-\u007E]+$/);
        expect(shown.detail.split('\n')[0]).toBe(shown.address);
        expect(shown.question).toMatch(/^[\u0020-\u007E]+$/);
        expect(opening(shown.address).address).toBe(shown.address);
      }),
      { numRuns: 2000 },
    );
  });
});
