import { describe, expect, it } from 'vitest';
import { listsSettings, mayHoldToken } from '../../../../src/common/gate/gitTokens.ts';
import { commandEffect, judgeEffects } from './support.ts';

const usual = `[user]
\tname = A Person
\temail = a@example.org
[init]
\tdefaultBranch = main
[alias]
\tst = status -sb
[credential "https://github.com"]
\thelper =
\thelper = !/usr/bin/gh auth git-credential
[url "git@github.com:"]
\tinsteadOf = https://github.com/
[filter "lfs"]
\tclean = git-lfs clean -- %f
; a remark
[core]
\trepositoryformatversion = 0
\tbare = false
[remote "origin"]
\turl = git@example.org:shop.git
\tfetch = +refs/heads/*:refs/remotes/origin/*
[branch "feature/x"]
\tmerge = refs/heads/feature/x
`;

describe('tokens in the configuration of git', () => {
  it('there are none in what people have as a rule, nor in nothing', () => {
    expect(mayHoldToken(usual)).toBe(false);
    expect(mayHoldToken('')).toBe(false);
    expect(mayHoldToken('[user] name=me\n[core] # a remark\n')).toBe(false);
    expect(mayHoldToken('[hub]\n\tverbose\n')).toBe(false);
    expect(mayHoldToken(usual.replaceAll('\n', '\r\n'))).toBe(false);
  });

  it.each([
    ['a header', '[http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic eDp5\n'],
    ['a header with a plain name', '[http]\n\textraHeader = x: y\n'],
    ['a proxy', '[http]\n\tproxy = http://me:pw@proxy:3128\n'],
    ['the proxy of a remote', '[remote "origin"]\n\tproxy = proxy:3128\n'],
    ['an address of a remote', '[remote "origin"]\n\turl = https://x-access-token:abc@example.org/shop.git\n'],
    ['a name in an address', '[remote "origin"]\n\turl = https://abc@example.org/shop.git\n'],
    ['an address in the name of a section', '[url "https://abc@example.org/"]\n\tinsteadOf = https://example.org/\n'],
    ['a helper that says it', '[credential]\n\thelper = "!f() { echo password=abc; }; f"\n'],
    ['a name for an account', '[credential "https://example.org"]\n\tusername = me\n'],
    ['a server for mail', '[sendemail]\n\tsmtpPass = abc\n'],
    ['a program that is not known', '[hub]\n\tprotocol = https\n'],
    ['an alias', '[alias]\n\tpr = "!curl -H \'Authorization: x\' https://example.org"\n'],
    ['a long name without a value', '[hub]\n\tabcdef0123456789abcdef0123456789\n'],
    ['a name without a value below an address', '[hub "https://example.org/?abc"]\n\tverbose\n'],
    ['the beginning of a token', '[user]\n\tname = ghp_abcdef\n'],
    ['another file', '[include]\n\tpath = ~/.gitconfig.work\n'],
    ['another file on a condition', '[includeIf "gitdir:~/projects/"]\n\tpath = x\n'],
    ['a value on two lines', '[alias]\n\tx = a \\\n b\n'],
    ['a key on the line of its section', '[http] extraheader = x\n'],
    ['a section with a sign in its name', '[http "a\\"b"]\n\tx = y\n'],
  ])('%s counts', (_, text) => {
    expect(mayHoldToken(text)).toBe(true);
    expect(mayHoldToken(usual + text)).toBe(true);
  });

  it('a key before any section counts', () => {
    expect(mayHoldToken(`name = x\n${usual}`)).toBe(true);
  });

  it('it is looked for where all settings are listed, in whichever way, and nowhere else', () => {
    expect(listsSettings([['ls'], ['git', '--no-pager', 'config', '--global', '-l']])).toBe(true);
    expect(listsSettings([['git', 'config', 'list']])).toBe(true);
    expect(listsSettings([['git', 'config', '--local', '--get-regexp', '^alias']])).toBe(true);
    expect(
      listsSettings([
        ['git', 'config', '--get', 'user.name'],
        ['ls', '-l'],
      ]),
    ).toBe(false);
  });

  it('a list is asked about until it is known that there is none', () => {
    const effect = commandEffect('git config --list | grep user');
    expect(judgeEffects([effect])).toMatchObject({ decision: 'ask', rule: 'read.secrets' });
    expect(judgeEffects([{ ...effect, plainSettings: false }])).toMatchObject({
      decision: 'ask',
      rule: 'read.secrets',
    });
    expect(judgeEffects([{ ...effect, plainSettings: true }])).toMatchObject({ decision: 'allow', looks: true });
  });
});
