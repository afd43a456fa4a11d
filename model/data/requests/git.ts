// Questions to git.
import { posix } from 'node:path';
import type { Printed } from '../play/chat.ts';
import { linesOf } from '../workspace/workspace.ts';
import { ask, code, need, type Play, points, some, type Stage, type Topic } from './stage.ts';

const noRepository: Printed = {
  output: 'fatal: not a git repository (or any of the parent directories): .git\n',
  code: 128,
};

async function asked(
  stage: Stage,
  kind: 'git_status' | 'git_diff' | 'git_log' | 'git_branch',
  command: string,
  printed: Printed,
): Promise<boolean> {
  const { chat, random, workspace } = stage;
  await ask(stage, kind);
  const outside = !workspace.git && random.chance(0.5);
  await chat.call('bash', { command }, { printed: outside ? noRepository : printed });
  if (outside) chat.answer('This folder is not a git repository.');
  return !outside;
}

export const gitStatus: Play = async (stage) => {
  const { random, workspace } = stage;
  const changed = random.chance(0.2) ? [] : random.sample([...workspace.files.keys()], random.int(1, 4)).toSorted();
  return statusOf(
    stage,
    changed.map((path) => ({ path, mark: random.weighted({ ' M': 6, '??': 3, 'M ': 1, ' D': 1, 'A ': 1 }) })),
  );
};

/** The status after these changes; `mark` as git writes it. */
export async function statusOf(stage: Stage, rows: readonly { path: string; mark: string }[]): Promise<Topic> {
  const { chat } = stage;
  const output = rows.map(({ path, mark }) => `${mark} ${path}\n`).join('');
  if (!(await asked(stage, 'git_status', 'git status --short', { output, code: 0 }))) return {};
  const words: Record<string, string> = {
    ' M': 'changed',
    'M ': 'changed, staged',
    '??': 'new, not tracked',
    ' D': 'deleted',
    'A ': 'added',
  };
  // The tool cuts nothing off at the beginning, so the first mark keeps its blank.
  const [first] = rows;
  if (first === undefined) chat.answer('Nothing has changed: the working tree is clean.');
  else if (rows.length === 1) chat.answer(`One file: ${code(first.path)} (${words[first.mark]}).`);
  else chat.answer(`Changed files:\n\n${points(rows.map(({ path, mark }) => `${code(path)}: ${words[mark]}`))}`);
  return {};
}

export const gitDiff: Play = async (stage) => {
  const { random, workspace, chat } = stage;
  if (random.chance(0.15)) {
    if (await asked(stage, 'git_diff', 'git diff', { output: '', code: 0 }))
      chat.answer('There are no changes that are not staged.');
    return {};
  }
  const path = some(
    random,
    [...workspace.files.keys()].filter((each) => linesOf(workspace, each).length > 6),
    'file',
  );
  const lines = linesOf(workspace, path);
  const at = random.int(3, lines.length - 3);
  const old = lines[at] ?? '';
  if (old.trim().length < 4 || old.length > 100) need(undefined, 'line to change');
  const added = random.chance(0.5)
    ? `${old} ${path.endsWith('.py') ? '#' : '//'} checked`
    : old.replace(/\d+|[a-z]{4,}/, (part) => (/\d/.test(part) ? String(Number(part) + 1) : `${part}2`));
  if (added === old) need(undefined, 'change');
  const around = (from: number, to: number): string[] => lines.slice(from, to).map((line) => ` ${line}`);
  const hash = (): string => Array.from({ length: 7 }, () => random.int(0, 15).toString(16)).join('');
  const output = [
    `diff --git a/${path} b/${path}`,
    `index ${hash()}..${hash()} 100644`,
    `--- a/${path}`,
    `+++ b/${path}`,
    `@@ -${at - 2},${Math.min(7, lines.length - at + 3)} +${at - 2},${Math.min(7, lines.length - at + 3)} @@`,
    ...around(at - 3, at),
    `-${old}`,
    `+${added}`,
    ...around(at + 1, at + 4),
    '',
  ].join('\n');
  if (!(await asked(stage, 'git_diff', 'git diff', { output, code: 0 }))) return {};
  chat.answer(`In ${code(path)} one line has changed: ${code(old.trim())} became ${code(added.trim())}.`);
  return { file: path };
};

export const gitLog: Play = async (stage) => {
  const { random, workspace, chat } = stage;
  const record = random.pick(workspace.domain.records);
  const source = posix.basename(random.pick([...workspace.files.keys()]));
  const subjects = random.sample(
    [
      `Add ${record.many}`,
      `Fix rounding in ${source}`,
      'Update dependencies',
      'First commit',
      `Rename ${record.fields[0]?.words ?? 'name'}`,
      `Test ${source}`,
      'Mend the build',
      `Sort ${record.many}`,
      'Write a README',
      'Remove dead code',
      'Better messages',
      `Handle missing ${record.fields[1]?.words ?? 'values'}`,
    ],
    random.int(2, 5),
  );
  const rows = subjects.map(
    (subject) => `${Array.from({ length: 7 }, () => random.int(0, 15).toString(16)).join('')} ${subject}`,
  );
  if (!(await asked(stage, 'git_log', 'git log --oneline -5', { output: `${rows.join('\n')}\n`, code: 0 }))) return {};
  chat.answer(`The last commits are:\n\n${points(rows.map((row) => `${code(row.slice(0, 7))} ${row.slice(8)}`))}`);
  return {};
};

export const gitBranch: Play = async (stage) => {
  const { random, workspace, chat } = stage;
  const branch = random.pick([
    'main',
    'main',
    'master',
    'develop',
    `feature/${workspace.domain.name}`,
    `fix-${random.int(10, 400)}`,
    'release/2.0',
    `${random.pick(['kim', 'lee', 'ana'])}/${random.pick(['cleanup', 'try-again', 'reports'])}`,
    'next',
  ]);
  if (!(await asked(stage, 'git_branch', 'git branch --show-current', { output: `${branch}\n`, code: 0 }))) return {};
  chat.answer(`The current branch is ${code(branch)}.`);
  return {};
};
