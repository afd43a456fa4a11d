import type { Form } from '../form.ts';
import { commitFormat, names, refSort } from './gitOptions.ts';

const yesOrNo = 'true|false|yes|no|on|off|0|1';
const colour = `always|never|auto|${yesOrNo}`;

/**
 * Settings for one call, and the values with which they only change how something is shown, or switch something off. Left out
 * is what names a program, a file, an address or another repository, and what changes how a pattern of `git grep` is read.
 */
const settable: readonly RegExp[] = [
  /^core\.pager=(?:cat)?$/i,
  new RegExp(`^pager\\.[a-z-]+=(?:cat|${yesOrNo})?$`, 'i'),
  new RegExp(`^color\\.[a-z.-]+=(?:${colour})$`, 'i'),
  new RegExp(`^advice\\.[a-z]+=(?:${yesOrNo})$`, 'i'),
  new RegExp(
    `^core\\.(?:quotepath|filemode|ignorecase|precomposeunicode|longpaths|preloadindex|trustctime|commitgraph|untrackedcache|warnambiguousrefs)=(?:${yesOrNo})$`,
    'i',
  ),
  /^core\.(?:autocrlf|safecrlf|eol|checkstat)=(?:true|false|input|warn|lf|crlf|native|default|minimal)$/i,
  /^core\.abbrev=(?:\d+|auto|no)$/i,
  /^core\.whitespace=[a-z0-9,=-]*$/i,
  /^core\.(?:fsmonitor|usebuiltinfsmonitor)=(?:false|0|no|off)$/i,
  /^core\.(?:hookspath|excludesfile|attributesfile)=\/dev\/null$/i,
  new RegExp(`^log\\.(?:abbrevcommit|decorate|follow|mailmap|showroot)=(?:short|full|auto|${yesOrNo})$`, 'i'),
  /^log\.showsignature=(?:false|0|no|off)$/i,
  /^(?:log|blame)\.date=[^]*$/i,
  new RegExp(`^diff\\.(?:mnemonicprefix|noprefix|indentheuristic|relative)=(?:${yesOrNo})$`, 'i'),
  new RegExp(`^(?:diff|status|merge)\\.renames=(?:copy|copies|${yesOrNo})$`, 'i'),
  /^(?:diff|status|merge)\.renamelimit=\d+$/i,
  /^diff\.(?:algorithm|colormoved|colormovedws|context|interhunkcontext|statgraphwidth)=[a-z0-9,-]+$/i,
  /^diff\.ignoresubmodules=(?:none|untracked|dirty|all)$/i,
  /^diff\.submodule=(?:short|log)$/i,
  new RegExp(
    `^status\\.(?:short|branch|showstash|showuntrackedfiles|relativepaths|aheadbehind)=(?:normal|all|${yesOrNo})$`,
    'i',
  ),
  new RegExp(`^grep\\.(?:linenumber|column|fullname)=(?:${yesOrNo})$`, 'i'),
  new RegExp(`^stash\\.(?:showpatch|showstat|showincludeuntracked)=(?:${yesOrNo})$`, 'i'),
  /^column\.[a-z]+=[a-z,]+$/i,
  /^i18n\.logoutputencoding=[\w-]+$/i,
  /^(?:gc|maintenance)\.auto=(?:0|false)$/i,
  /^(?:commit|tag)\.gpgsign=(?:false|0|no|off)$/i,
  /^submodule\.recurse=(?:false|0|no|off)$/i,
  /^user\.(?:name|email)=[^]*$/i,
  // Whose folder it is says nothing of what its configuration names, and that is looked at whoever it belongs to.
  /^safe\.directory=[^]+$/i,
];

function isSettable(text: string): boolean {
  const [, key = '', value = ''] = /^([a-z0-9]+\.sort)=([^]*)$/i.exec(text) ?? [];
  if (/^(?:branch|tag)\.sort$/i.test(key)) return refSort.test(value);
  const [, format] = /^format\.pretty=([^]*)$/i.exec(text) ?? [];
  if (format !== undefined) return commitFormat.test(format);
  return settable.some((each) => each.test(text));
}

/**
 * What may stand before the sub-command; `-C` is followed by who reads the line. A repository that is named is the one of the
 * folder that git stands in, or none.
 */
export const leading: Form = {
  flags: 'P',
  long: names(`
    no-pager no-optional-locks no-replace-objects no-lazy-fetch no-advice literal-pathspecs glob-pathspecs
    noglob-pathspecs`),
  values: { c: isSettable, 'git-dir': ['.git', './.git'], 'work-tree': ['.', './'] },
};

/**
 * Settings that hold no credentials and that a person asks for by name. Addresses may hold some, but `git remote -v`
 * prints these as well. Left out are above all `http` (headers and proxies), `url` (addresses with tokens in their names),
 * `credential` and what belongs to a program for mail.
 */
const harmless = [
  '(?:user|author|committer)\\.(?:name|email|signingkey|useconfigonly)',
  'core\\.[a-z]+',
  '(?:init|pull|push|fetch|merge|rebase|commit|tag|log|status|color|column|advice|format|grep|blame|checkout|gc)\\.[a-z.]+',
  '(?:pack|index|rerere|stash|help|i18n|pager|feature|maintenance|receive|transfer|versionsort|worktree|gpg)\\.[a-z.-]+',
  '(?:am|apply|clean|clone|extensions|gui|notes|protocol|sequence|showbranch|uploadpack)\\.[a-z]+',
  '(?:diff|merge|filter|difftool|mergetool)\\.[\\w.-]+',
  'http\\.(?:sslverify|postbuffer|version|lowspeedlimit|lowspeedtime|followredirects|maxrequests)',
  'remote\\.[\\w./-]+\\.(?:url|pushurl|fetch|push|prune|prunetags|mirror|tagopt|promisor|partialclonefilter|gh-resolved)',
  'remote\\.pushdefault',
  'branch\\.[\\w./-]+\\.[a-z-]+',
  'branch\\.[a-z]+',
  'submodule\\.(?:[\\w./-]+\\.)?(?:url|branch|update|active|path|ignore|recurse|fetchjobs|propagatebranches)',
  'alias\\.[\\w.-]+',
  'safe\\.[a-z]+',
  'lfs\\.(?:repositoryformatversion|concurrenttransfers)',
].join('|');
export const setting = new RegExp(`^(?:${harmless})$`, 'i');

const shown: Form = {
  flags: 'z',
  long: names('all local global system worktree bool int bool-or-int path null show-origin show-scope'),
  values: {
    type: ['bool', 'int', 'bool-or-int', 'path'],
    default: 'text',
    // Never allowed, also where it is only read: it may be any file.
    f: 'write',
    file: 'write',
  },
  // What stands behind the name is the value that the setting would be given, whatever it looks like.
  optionsFirst: true,
};

const list: Form = { flags: 'z', long: names('local global worktree null name-only show-origin show-scope') };
/** Whoever looks for these by name looks for a secret, whether there is one or not. */
const noSecret = /^(?![^]*(?:header|token|pass|cred|secret|cookie|proxy|auth))/i;
const matching: Form = { ...list, optionsFirst: true, operands: { first: [noSecret, 'text'], least: 1 } };

/** What shows many settings, with an option before it or none. */
function ofMany(name: string, form: Form): [string, Form][] {
  const before = ['', '--local ', '--global ', '--show-origin ', '--name-only '];
  return before.map((option) => [`config ${option}${name}`, form]);
}

/** Settings, shown. Of those that show many `gitTokens` says whether a header or an address among them may hold a token. */
export const configForms: Record<string, Form> = {
  config: { ...shown, long: [...(shown.long ?? []), 'get', 'get-all'], operands: { first: [setting], least: 1 } },
  'config get': { ...shown, operands: { first: [setting], least: 1 } },
  ...Object.fromEntries([
    ...names('list --list -l').flatMap((name) => ofMany(name, list)),
    ...ofMany('--get-regexp', matching),
  ]),
};
