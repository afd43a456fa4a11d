import type { Form, Takes } from '../form.ts';

type Options = Required<Pick<Form, 'flags' | 'long' | 'values'>>;

/** Git has many options; a text of them is easier to read than a list. */
export function names(text: string): string[] {
  return text.trim().split(/\s+/);
}

const similarity = /^\d+%?(?:\/\d+%?)?$/;
export const when: Takes = ['always', 'never', 'auto'];
/** `%G?` and its like start the program that checks signatures. */
export const commitFormat = /^(?![^]*%[-+ ]*G)/;
/** Of references the same is called `%(signature)`. */
export const refFormat = /^(?![^]*signature)/i;
export const refSort = /^(?!.*signature)-?[a-z][a-z:=.-]*$/i;

/**
 * How differences are shown. Left out is what starts programs (`--ext-diff`, `--textconv`, and `--submodule=diff`, which starts
 * git in another repository), or reads a list from a file (`-O`). What takes a value behind `=` alone is in `long` as well, so
 * that no option that git would follow is mistaken for a value. `--no-pager` is none of them and a mistake that git tells of.
 */
export const diffOptions: Options = {
  flags: 'pusURabwWzMBCDrtcm',
  long: names(`
    patch no-patch unified raw patch-with-raw patch-with-stat stat numstat shortstat dirstat cumulative summary
    compact-summary no-compact-summary name-only name-status no-renames find-renames find-copies find-copies-harder
    break-rewrites irreversible-delete rename-empty no-rename-empty binary text full-index abbrev no-abbrev check color
    no-color color-words color-moved no-color-moved word-diff ignore-all-space ignore-space-change ignore-space-at-eol
    ignore-cr-at-eol ignore-blank-lines function-context no-function-context minimal patience histogram indent-heuristic
    no-indent-heuristic relative no-relative no-prefix ignore-submodules no-ext-diff no-textconv exit-code quiet
    pickaxe-all pickaxe-regex ita-invisible-in-index ita-visible-in-index cc submodule default-prefix no-relative
    no-color-moved-ws no-pager`),
  values: {
    U: 'number',
    M: similarity,
    B: similarity,
    C: similarity,
    S: 'text',
    G: 'text',
    I: 'text',
    unified: 'number',
    stat: /^\d+(?:,\d+){0,2}$/,
    'stat-width': 'number',
    'stat-name-width': 'number',
    'stat-graph-width': 'number',
    'stat-count': 'number',
    dirstat: /^[\w,.]+$/,
    'diff-filter': /^[A-Za-z*]+$/,
    'diff-algorithm': ['default', 'myers', 'minimal', 'patience', 'histogram'],
    'find-renames': similarity,
    'find-copies': similarity,
    'break-rewrites': similarity,
    'find-object': 'revision',
    'ignore-matching-lines': 'text',
    'ignore-submodules': ['none', 'untracked', 'dirty', 'all'],
    'inter-hunk-context': 'number',
    'word-diff': ['color', 'plain', 'porcelain', 'none'],
    'word-diff-regex': 'text',
    'color-words': 'text',
    'color-moved': /^[a-z-]+$/,
    'color-moved-ws': /^[a-z,-]+$/,
    submodule: ['short', 'log'],
    l: 'number',
    'skip-to': 'revision',
    'rotate-to': 'revision',
    'output-indicator-new': 'text',
    'output-indicator-old': 'text',
    'output-indicator-context': 'text',
    'ws-error-highlight': /^[a-z,-]+$/,
    'src-prefix': 'text',
    'dst-prefix': 'text',
    'line-prefix': 'text',
    anchored: 'text',
    abbrev: 'number',
    relative: 'read',
    color: when,
    // Never allowed; listed so that a file outside the workspace is refused.
    output: 'write',
  },
};

/** Which commits are taken. Left out is what reads a list of them (`--stdin`) or starts a program (`--alternate-refs`). */
export const commitOptions: Options = {
  flags: 'giEFP',
  long: names(`
    all branches tags remotes reflog walk-reflogs not merges no-merges min-parents max-parents no-min-parents
    no-max-parents first-parent reverse follow full-history simplify-merges simplify-by-decoration ancestry-path
    show-pulls dense sparse boundary left-right left-only right-only cherry cherry-pick cherry-mark merge no-walk
    do-walk date-order author-date-order topo-order all-match invert-grep regexp-ignore-case basic-regexp
    extended-regexp fixed-strings perl-regexp ignore-missing remove-empty oneline pretty format abbrev abbrev-commit
    no-abbrev-commit parents children relative-date exclude-first-parent-only in-commit-order bisect`),
  values: {
    encoding: /^[\w-]+$/,
    'exclude-hidden': ['fetch', 'receive', 'uploadpack'],
    'max-count': 'number',
    skip: 'number',
    'min-parents': 'number',
    'max-parents': 'number',
    since: 'text',
    after: 'text',
    until: 'text',
    before: 'text',
    'since-as-filter': 'text',
    author: 'text',
    committer: 'text',
    grep: 'text',
    'grep-reflog': 'text',
    branches: 'text',
    tags: 'text',
    remotes: 'text',
    glob: 'text',
    exclude: 'text',
    'ancestry-path': 'revision',
    'no-walk': ['sorted', 'unsorted'],
    date: 'text',
    abbrev: 'number',
    pretty: commitFormat,
    format: commitFormat,
  },
};

export const revListOptions: Options = {
  flags: commitOptions.flags,
  long: [
    ...commitOptions.long,
    ...names(`
      count header objects timestamp no-object-names no-commit-header disk-usage objects-edge objects-edge-aggressive
      indexed-objects unpacked use-bitmap-index filter-print-omitted bisect-all bisect-vars graph no-graph`),
  ],
  values: {
    ...commitOptions.values,
    n: 'number',
    filter: /^(?:blob:none|blob:limit=\d+[kmg]?|tree:\d+|object:type=[a-z]+)$/,
    missing: ['error', 'print', 'allow-any', 'allow-promisor'],
    'disk-usage': ['human'],
  },
};

/**
 * `--remerge-diff` would start a merge driver of the configuration, and `--show-signature` the program that checks
 * signatures.
 */
export const logOptions: Options = {
  flags: diffOptions.flags + commitOptions.flags,
  long: [
    ...diffOptions.long,
    ...commitOptions.long,
    ...names(`
      graph no-graph decorate no-decorate clear-decorations source use-mailmap no-use-mailmap mailmap no-mailmap notes
      no-notes show-notes no-show-notes no-show-signature no-follow no-source log-size no-diff-merges root
      combined-all-paths expand-tabs no-expand-tabs`),
  ],
  values: {
    ...diffOptions.values,
    ...commitOptions.values,
    n: 'number',
    L: 'lines',
    decorate: ['short', 'full', 'auto', 'no'],
    'decorate-refs': 'text',
    'decorate-refs-exclude': 'text',
    'diff-merges': ['off', 'none', 'on', 'first-parent', '1', 'separate', 'm', 'combined', 'c', 'dense-combined', 'cc'],
    notes: 'text',
    'expand-tabs': 'number',
  },
};

/** Branches, tags and other references, listed. A commit behind a blank counts as an operand, which changes nothing. */
export const refOptions: Pick<Options, 'long' | 'values'> = {
  long: names('contains no-contains merged no-merged points-at ignore-case omit-empty color no-color column no-column'),
  values: {
    contains: 'text',
    'no-contains': 'text',
    merged: 'text',
    'no-merged': 'text',
    'points-at': 'text',
    sort: refSort,
    format: refFormat,
    color: when,
    column: /^[a-z,=]+$/,
  },
};
