import type { Verdict } from '../events.ts';
import type { ResolvedPath, Tool } from '../tool.ts';
import { generalise, listed, runsScript } from './always.ts';
import { askedAnew, becauseRead, type ChatState, untouched } from './chatState.ts';
import { type CommandReading, readCommand } from './command.ts';
import type { Grant, LookedUp, ResolvedEffect } from './effect.ts';
import { type CommandPath, keyOf } from './form.ts';
import { listsSettings } from './gitTokens.ts';
import { hasHidden, showName } from './hidden.ts';
import { programNamed } from './programs/index.ts';
import { inVersionControl, isPrivate, isProtected, isSecret, tellsOfMachine } from './names.ts';

export type { Grant, LookedUp, ResolvedEffect } from './effect.ts';

/** What holds for the whole chat. */
export interface Policy {
  trusted: boolean;
  /** The role only looks: nothing else is even asked about. */
  readonly?: boolean;
  /** Deny: ENABLE_CODE_EXECUTION=false. */
  execute: 'ask' | 'deny';
  /** Whether changes of files that are not protected are made at once, to be seen and undone, or asked about. */
  edits: 'allow' | 'ask';
  /** Commands that run code of the repository run inside a sandbox: it writes nothing elsewhere and has no network. */
  contained: boolean;
  /** Why they do not, as a sentence. */
  uncontained?: string;
  /** The person's home folder, absolute. */
  home?: string;
  /** Drover's own folders, absolute: with what stands in them everything could be had. */
  hidden?: readonly string[];
}

export interface Judgement extends Verdict {
  /** Absent where only once is offered, or nothing is asked. */
  grant?: Grant;
  /** What may be allowed for good, and where there is nothing, why. */
  always?: readonly Grant[];
  notAlways?: string;
  /** No earlier yes covers it. */
  anew?: true;
  /** Allowed, and changes nothing: need not be recorded before it runs. */
  looks: boolean;
  /** Allowed because it runs inside the sandbox: it must not run anywhere else. */
  contained?: true;
  /**
   * Only looks, at what cannot be seen from inside the sandbox: other processes, what listens, what a daemon runs. It runs outside
   * where it does nothing else in words that are written out.
   */
  ofMachine?: 'outside' | 'inside';
}

interface Question {
  tool: Pick<Tool, 'name' | 'group'>;
  effects: readonly ResolvedEffect[];
  policy: Policy;
  /** Keys of what the person allowed for this chat. They turn an ask into an allow, never a denial into anything. */
  grants: ReadonlySet<string>;
  /** Keys of what the person always allows in this folder; as `grants`. */
  always?: ReadonlySet<string>;
  /** The person named in a message what is read. */
  named?: boolean;
  /** What has happened in the chat. */
  state?: ChatState;
}

const order = { deny: 0, ask: 1, allow: 2 };

/** The gate: the one decision over what a call would touch. Pure; the strictest part wins, and unknown means ask. */
export function judge(question: Question): Judgement {
  const { tool, effects, policy, grants, always = none, named = false, state = untouched } = question;
  if (effects.length === 0) {
    return tool.group === 'read' || tool.group === 'team'
      ? { ...allow('nothing', 'It touches nothing.'), looks: true }
      : ask('unknown', `${tool.name} does not say what it would touch.`);
  }
  const parts = effects.map((effect) =>
    effect.kind === 'delegate'
      ? delegated
      : looking(
          alwaysAllowed(
            granted(withName(judgeEffect(effect, policy, state), effect, named), grants),
            effect,
            always,
            policy,
          ),
          effect,
          policy,
        ),
  );
  const [strictest] = parts.toSorted((a, b) => order[a.decision] - order[b.decision]);
  if (strictest === undefined) throw new Error('effects without a judgement');
  if (strictest.decision === 'allow') {
    const contained = parts.some((part) => part.contained === true) ? { contained: true as const } : {};
    return { ...strictest, ...contained, looks: parts.every((part) => part.looks) };
  }
  // A yes for the chat must cover all that is asked; with several questions in one call only once is offered.
  const questions = parts.filter((part) => part.decision === 'ask').length;
  if (questions < 2) return strictest;
  const { grant: _grant, always: _always, ...rest } = strictest;
  return { ...rest, notAlways: 'it asks for several things at once.' };
}

const none: ReadonlySet<string> = new Set();

/** What is asked about may be allowed for good already, or offered to be. */
function alwaysAllowed(
  judgement: Judgement,
  effect: ResolvedEffect,
  always: ReadonlySet<string>,
  { contained }: Policy,
): Judgement {
  if (judgement.decision !== 'ask') return judgement;
  const general = generalise(effect, judgement.rule, contained);
  const given = 'why' in general ? undefined : general.forms.find(({ key }) => always.has(key));
  const allowed = given && allow('grant.always', `You always allow this in this folder: ${given.words}.`);
  // What has happened in the chat is no matter there: whatever its code is by now, it reaches nobody.
  const shutIn = contained && effect.kind === 'execute' && runsScript(effect.command);
  if (allowed && shutIn) return { ...allowed, contained: true };
  if (judgement.anew) return { ...judgement, notAlways: 'it is asked because of what has happened in this chat.' };
  if ('why' in general) return { ...judgement, notAlways: general.why };
  return allowed ?? { ...judgement, always: general.forms };
}

function granted(judgement: Judgement, grants: ReadonlySet<string>): Judgement {
  const { grant } = judgement;
  if (judgement.decision !== 'ask' || judgement.anew || grant === undefined || !grants.has(grant.key)) return judgement;
  return allow('grant', `You allowed this for the chat: ${grant.words}.`);
}

/** Whoever names a file with secrets has been asked already; a link to one has another name. */
function withName(judgement: Judgement, effect: ResolvedEffect, named: boolean): Judgement {
  if (!named || judgement.rule !== 'read.secrets' || effect.kind !== 'read') return judgement;
  if (effect.path.real !== effect.path.absolute) return judgement;
  return { ...allow('read.named', 'You named this file in your message.'), looks: true };
}

const delegated = allow('delegate', 'It begins a chat of its own, in which every call is judged by itself.');

function looking(judgement: Judgement, effect: ResolvedEffect, policy: Policy): Judgement {
  if (policy.readonly !== true || judgement.looks || judgement.decision === 'deny') return judgement;
  // To read what has to be asked about is to look still.
  if (effect.kind === 'read') return judgement;
  return deny('role.readonly', 'this agent only looks, and changes and runs nothing. Say what is needed instead.');
}

function judgeEffect(effect: ResolvedEffect, policy: Policy, state: ChatState): Judgement {
  if (effect.kind === 'output') {
    return { ...allow('read.output', 'Reads again what a command of this chat wrote.'), looks: true };
  }
  if (!policy.trusted && effect.kind !== 'read') {
    return deny(
      'untrusted',
      'This folder is not trusted, so nothing in it is changed or run. To change that, the person can choose "Trust this folder".',
    );
  }
  switch (effect.kind) {
    case 'read':
      return judgeRead(effect.path, policy);
    case 'write':
      return judgeContent(effect, judgeWrite(effect.path, policy, state));
    case 'execute':
      return judgeCommand(effect, policy, state);
    case 'network':
      return afterReading(ask('network', `${effect.host} would be contacted.`), state);
    case 'model':
      return ask('model', 'Another model would be asked.');
    default:
      return ask('unknown', 'It would do something that Drover does not know.');
  }
}

function judgeRead(path: ResolvedPath, policy: Policy): Judgement {
  if (path.root === undefined && hasHidden(path.given)) return hiddenPath;
  const judgement = judgeReadAnywhere(path, policy);
  return judgement.rule === 'read.outside' ? { ...judgement, grant: readingOf(path) } : judgement;
}

const hiddenPath = ask('path.hidden', 'The path has characters in it that cannot be seen.');

function readingOf({ real, shown }: ResolvedPath): Grant {
  return { key: `read ${real}`, words: `reading ${showName(shown)}` };
}

/** Drover's own folders, also where the workspace lies around them, but not in one: with what stands there everything could be had. */
function isOfDrover({ absolute, real, root }: ResolvedPath, { hidden = [] }: Policy): boolean {
  const own = hidden.filter((folder) => root === undefined || !`${root}/`.startsWith(`${folder}/`));
  return [absolute, real].some((each) => own.some((folder) => `${each}/`.startsWith(`${folder}/`)));
}

/** The workspace is the home, or lies around it: keys and credentials that are outside otherwise are inside. */
function isAroundHome({ root }: Pick<ResolvedPath, 'root'>, { home }: Policy): boolean {
  return root !== undefined && home !== undefined && (root === '/' || `${home}/`.startsWith(`${root}/`));
}

function judgeReadInside(path: ResolvedPath, policy: Policy, nameOnly = false): Judgement {
  if (hasHidden(path.given)) return hiddenPath;
  if (path.kind === 'other' && !nameOnly) {
    return ask('read.special', `${path.shown} is no regular file or folder.`);
  }
  const personal = isAroundHome(path, policy) && isPrivate(path.real, policy.home);
  if (!nameOnly && (personal || path.token === true || namesOf(path).some(isSecret))) {
    return {
      ...ask('read.secrets', `${path.shown} may hold secrets, which would be in the chat from then on.`),
      grant: readingOf(path),
    };
  }
  return { ...allow('read.inside', 'Reads only, inside the workspace.'), looks: true };
}

/**
 * Whether a file that a search has come upon is passed over: who wants to see its secrets has to name it, and what belongs to Drover
 * nobody sees.
 *
 * @param place what the search is in, which was judged
 * @param path the file from there; empty: the place itself, which was named
 * @param nameOnly nothing of it but its name would be shown
 */
export function withholds(place: ResolvedPath, path: string, policy: Policy, nameOnly = false): boolean {
  if (path === '') return false;
  const absolute = `${place.absolute}/${path}`;
  const real = `${place.real}/${path}`;
  if (isOfDrover({ ...place, absolute, real }, policy)) return true;
  if (nameOnly) return false;
  const personal = place.root === undefined || isAroundHome(place, policy);
  return isSecret(path) || (personal && isPrivate(real, policy.home));
}

/** What stands outside the workspace is asked about; keys, and what is other people's, is not read at all. */
function judgeReadAnywhere(path: ResolvedPath, policy: Policy, nameOnly = false): Judgement {
  const { home } = policy;
  const ofDrover = isOfDrover(path, policy);
  if (path.root !== undefined && !ofDrover) return judgeReadInside(path, policy, nameOnly);
  if (tellsOfMachine(path))
    return { ...allow('read.machine', 'It tells about this machine, and nobody’s secrets.'), looks: true };
  const own = ofDrover || [path.absolute, path.real].some((each) => isPrivate(each, home));
  if (!own) {
    const real = path.real === path.absolute ? '' : ` (which is ${path.real})`;
    return ask('read.outside', `It reads ${path.given}${real}, outside the workspace.`);
  }
  if (nameOnly) return ask('read.outside', `It shows names of what is in ${path.given}, outside the workspace.`);
  if (ofDrover) return deny('read.private', `${path.given} belongs to Drover itself, and is read by nobody else.`);
  return deny(
    'read.private',
    `${path.given} is outside the workspace and holds keys, credentials or what is other people's. Nothing in a project needs it.`,
  );
}

/** The real path is seen from the root: the workspace itself may lie below a folder with such a name. */
function namesOf(path: ResolvedPath): string[] {
  return [path.given, path.shown, path.real.slice(path.root?.length ?? 0)];
}

/** In the home what begins with a point decides how programs start; above it everything does. */
function isOfSystem(path: ResolvedPath, policy: Policy): boolean {
  if (!isAroundHome(path, policy)) return false;
  const home = `${policy.home ?? ''}/`;
  return !path.real.startsWith(home) || path.real.startsWith(`${home}.`);
}

function judgeWrite(path: ResolvedPath, policy: Policy, state = untouched): Judgement {
  const { edits } = policy;
  if (isOfDrover(path, policy)) {
    return deny('write.outside', `${path.given} belongs to Drover itself. Its settings and commands change it.`);
  }
  if (path.root === undefined) {
    return deny(
      'write.outside',
      `${path.given} is outside the workspace. Only files inside it can be changed; for others their folder has to be opened.`,
    );
  }
  if (namesOf(path).some(inVersionControl)) {
    return deny('write.versionControl', `${path.shown} belongs to version control. Use its own commands instead.`);
  }
  if (hasHidden(path.given)) return hiddenPath;
  const done = path.kind === 'missing' ? 'created' : 'changed';
  const grant = { key: `write ${path.real}`, words: `changes of ${showName(path.shown)}` };
  if (path.decides === true || isOfSystem(path, policy) || namesOf(path).some(isProtected)) {
    const reason = `${path.shown} would be ${done}: what stands in it decides what runs later, or who may do what.`;
    return afterReading({ ...ask('write.protected', reason), grant }, state);
  }
  if (path.kind === 'other') return ask('write.special', `${path.shown} is no regular file.`);
  if (edits === 'allow') return allow('write.edits', 'A change that can be undone.');
  return { ...ask('write.inside', `${path.shown} would be ${done}.`), grant };
}

/** Nobody who looks at the change would see what it does. */
function judgeContent({ path, hidden }: ResolvedEffect & { kind: 'write' }, judgement: Judgement): Judgement {
  if (hidden !== true || judgement.decision === 'deny') return judgement;
  const reason = `What would be written to ${path.shown} has characters in it that cannot be seen.`;
  return { ...ask('write.hidden', reason), anew: true };
}

/** Where programs put what nobody keeps. */
const temporary = /^(?:\/private)?\/(?:var\/)?tmp(?:\/|$)|^\/dev\/(?:tty|full|zero|fd\/\d+)$/;

/** It is the home, in it or around it; a home may lie among what is temporary. */
function touchesHome(path: string, home: string | undefined): boolean {
  return home !== undefined && (`${path}/`.startsWith(`${home}/`) || `${home}/`.startsWith(`${path}/`));
}

/** What a command writes by itself cannot be undone: it is asked about wherever it is. */
function judgeWriteByCommand(path: ResolvedPath, policy: Policy): Judgement {
  if (path.root === undefined && temporary.test(path.real) && !touchesHome(path.real, policy.home)) {
    return ask('write.temporary', `It writes ${path.given}, outside the workspace.`);
  }
  const judgement = judgeWrite(path, { ...policy, edits: 'ask' });
  return judgement.decision === 'deny' ? judgement : ask('command', `It writes ${path.shown}.`);
}

/** What was read may have led to it: it is asked about each time, whatever was allowed before. */
function afterReading({ decision, rule, reason, looks, grant }: Judgement, { read }: ChatState): Judgement {
  const judgement = { decision, rule, reason, looks };
  if (read.length > 0) return { ...judgement, reason: `${reason} ${becauseRead(read)}`, anew: true };
  return grant === undefined ? judgement : { ...judgement, grant };
}

function judgeCommand(effect: ResolvedEffect & { kind: 'execute' }, policy: Policy, state: ChatState): Judgement {
  const { command } = effect;
  if (policy.execute === 'deny') {
    return deny(
      'execute.off',
      'Running commands is switched off here (ENABLE_CODE_EXECUTION=false). Use the file tools.',
    );
  }
  const reading = effect.reading ?? readCommand(command);
  if (reading.denied !== undefined) return deny(reading.denied.rule, reading.denied.reason);
  const judgement = judgeReading(reading, effect, policy);
  if (judgement.decision === 'deny' || judgement.looks) return judgement;
  const protects = effect.paths.some(({ path, found = [] }) => {
    const writes = reading.paths.some((each) => each.effect === 'write' && each.path === path);
    return writes && found.some((place) => namesOf(place).some(isProtected));
  });
  const anew = askedAnew(command, reading, protects, state);
  if (anew === undefined) return judgement;
  const asked = judgement.decision === 'ask';
  const again = exactly(
    effect,
    asked ? judgement.rule : anew.rule,
    asked ? `${judgement.reason} ${anew.reason}` : anew.reason,
  );
  const { grant: _, ...once } = again;
  // What was allowed because it runs shut in is asked about now, and runs shut in all the same.
  const contained = judgement.contained === true ? { contained: true as const } : {};
  return { ...(anew.once ? once : again), ...contained, anew: true };
}

function judgeReading(
  reading: CommandReading,
  effect: ResolvedEffect & { kind: 'execute' },
  policy: Policy,
): Judgement {
  const parts = judgePaths(reading.paths, effect.paths, policy);
  const denial = parts.find((part) => part.decision === 'deny');
  if (denial !== undefined) return denial;
  const asked = parts.find((part) => part.decision === 'ask');
  if (hasHidden(effect.command)) {
    return exactly(effect, 'command.hidden', 'It has characters in it that cannot be seen.');
  }
  if (reading.unlisted !== undefined) return exactly(effect, 'command', reading.unlisted);
  if (asked !== undefined) return exactly(effect, asked.rule, asked.reason);
  const known = new Set(['', ...(effect.plainRepositories ?? [])]);
  const elsewhere = reading.git.find((folder) => !known.has(folder) && !isRoot(folder, effect.paths));
  if (elsewhere !== undefined) {
    const reason = `${elsewhere} could be a repository of its own, which names programs that git would start.`;
    return exactly(effect, 'command.repository', reason);
  }
  if (effect.repositoryRuns === true) {
    const reason =
      'This repository may have git start programs of its own, or has a branch or tag whose name is an option.';
    return exactly(effect, 'command.repository', reason);
  }
  if (effect.plainSettings !== true && listsSettings(reading.calls)) {
    const reason =
      'The configuration of git may hold a token, which would be in the chat from then on; one setting can be asked for by its name.';
    return exactly(effect, 'read.secrets', reason);
  }
  if (effect.tokenInAddress === true) {
    const reason = 'An address of git may have a password or a token in it, which would be in the chat from then on.';
    return exactly(effect, 'read.secrets', reason);
  }
  if (!reading.runs) {
    const ofMachine = looksAtMachine(reading);
    const machine = ofMachine !== undefined || parts.some(({ rule }) => rule === 'read.machine');
    const where = machine ? 'at this machine, and at nobody’s secrets' : 'inside the workspace';
    const looking = { ...allow('command.looks', `It only looks, ${where}.`), looks: true };
    return ofMachine === undefined ? looking : { ...looking, ofMachine };
  }
  if (policy.contained) {
    const reason = 'It may run code of this folder, so it runs shut in: no network, and writing nowhere else.';
    return { ...allow('command.contained', reason), contained: true };
  }
  const reason = 'It may run code of this folder, and nothing here shuts that in: it could do whatever you can.';
  const why = policy.uncontained === undefined ? '' : ` ${policy.uncontained}`;
  return exactly(effect, 'command.contained', `${reason}${why}`);
}

/** What is used on what such programs print. */
const filters = new Set(
  'grep egrep fgrep rg head tail sort uniq wc cut tr awk sed jq column less cat echo printf test [ true false : sleep timeout which command'.split(
    ' ',
  ),
);

function looksAtMachine({ beyond, calls }: CommandReading): Judgement['ofMachine'] {
  const names = calls.map(([name = '']) => name);
  if (!names.some(isOfMachine)) return undefined;
  return !beyond && names.every((name) => filters.has(name) || isOfMachine(name)) ? 'outside' : 'inside';
}

function isOfMachine(name: string): boolean {
  return programNamed(name)?.program.ofMachine === true;
}

/** A `cd` to the workspace by its whole name goes nowhere. */
function isRoot(folder: string, looked: readonly LookedUp[]): boolean {
  const found = looked.find(({ path, glob }) => path === folder && !glob)?.found;
  return found?.length === 1 && found[0]?.root !== undefined && found[0].real === found[0].root;
}

function judgePaths(paths: readonly CommandPath[], looked: readonly LookedUp[], policy: Policy): Judgement[] {
  const found = new Map(looked.map((each) => [keyOf(each), each]));
  return paths.flatMap((each): Judgement[] => {
    const { effect, path, glob, before = 0 } = each;
    const { found: places, why } = found.get(keyOf(each)) ?? {};
    if (places === undefined) return [ask('command', why ?? `It is not known where ${path} leads.`)];
    if (effect === 'nothing') {
      const changed = places.some(({ kind }) => kind !== 'missing');
      if (!changed) return [];
      const reason = glob
        ? `The shell would put names of files in the place of ${path}; quote it.`
        : `${path} is the name of a file as well, which would be read in its place.`;
      return [ask('command', reason)];
    }
    if (effect === 'folder') return judgeFolder(each, places);
    if (glob && places.some(({ given }) => given.slice(before).startsWith('-'))) {
      return [ask('command', `A file that ${path} stands for would be taken for an option.`)];
    }
    if (each.plain === true && places.some(({ given }) => given !== path && !oneWord.test(given))) {
      const reason = `A file that fits ${path} has a space or another sign in its name, and would be taken for several words: quote the variable, or separate the names by zeros (-print0, xargs -0).`;
      return [ask('command', reason)];
    }
    if (effect === 'write') return places.map((place) => judgeWriteByCommand(place, policy));
    return places
      .filter((place, at) => !isNamedLink(each, place, policy, at > 0))
      .map((place) => judgeReadAnywhere(place, policy, each.nameOnly));
  });
}

/** Programs of an environment of Python, which are links to those of the machine. */
const ownPrograms = /^(?:\.\/)?(?!.*\.\.)(?:[\w-]+\/)*\.?v?env\/bin\/[\w.-]+$/;

/** A file outside that a link inside leads to, where only its size and the like are shown: one below a folder, or a Python in `.venv`. */
function isNamedLink(
  { nameOnly, path, below, glob }: CommandPath,
  { root, kind, absolute, real }: ResolvedPath,
  { home }: Policy,
  found: boolean,
): boolean {
  const inside = found ? below !== undefined : !glob && ownPrograms.test(path);
  const named = nameOnly === true && inside && root === undefined && kind === 'file';
  return named && !isPrivate(absolute, home) && !isPrivate(real, home);
}

/** Where the line goes on if this is a folder that is there, and reached by its very name. */
function judgeFolder({ path, plain }: CommandPath, places: readonly ResolvedPath[]): Judgement[] {
  const sure = places.every(
    ({ kind, real, absolute, root }) => kind === 'folder' && root !== undefined && real === absolute,
  );
  if (!sure)
    return [
      ask(
        'command',
        `${path} is no folder inside the workspace, or a link to one: it is not known where the line goes on.`,
      ),
    ];
  if (plain !== true || places.every(({ absolute }) => oneWord.test(absolute))) return [];
  return [ask('command', 'The name of the folder would be taken for several words; quote what stands for it.')];
}

/** A name that the shell leaves as it is also where it is not quoted. */
const oneWord = /^[\p{L}\p{N}_@%+=:,./-]*$/u;

/**
 * A question about a command, to which a yes for the chat covers it as it stands and no other, and while the files are the
 * same that say what it runs.
 */
function exactly({ command, deciding }: ResolvedEffect & { kind: 'execute' }, rule: string, reason: string): Judgement {
  const key = `execute ${command}`;
  if (deciding === undefined) return { ...ask(rule, reason), grant: { key, words: 'this exact command' } };
  const words = `this exact command, until ${listed(deciding.names)} changes`;
  return { ...ask(rule, reason), grant: { key: `${key}\0${deciding.hash}`, words } };
}

function allow(rule: string, reason: string): Judgement {
  return { decision: 'allow', rule, reason: showName(reason), looks: false };
}

function ask(rule: string, reason: string): Judgement {
  return { decision: 'ask', rule, reason: showName(reason), looks: false };
}

function deny(rule: string, reason: string): Judgement {
  return { decision: 'deny', rule, reason: showName(reason), looks: false };
}
