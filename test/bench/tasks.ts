import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { textOf, type ModelRequest } from '../support/modelServer/requests.ts';
import { call, reply, text, type Part, type Step } from '../support/modelServer/script.ts';

/**
 * Three tasks, each the same work whoever does it: the model's answers are given, one tool call at a time, and what
 * the calls find and change is real. `check` looks on disk that the work was done.
 */
export interface Task {
  name: 'T1' | 'T2' | 'T3';
  about: string;
  /** What the person asks; names the task to the script, so no two may contain each other. */
  message: string;
  /** One a trip; the answer is the last trip. */
  calls: Part[];
  answer: string;
  /** Writes the workspace. */
  prepare(folder: string): void;
  /** @throws when the work was not done. */
  check(folder: string): void;
}

const modules = Array.from({ length: 9 }, (_, n) => ({
  path: `src/part${n + 1}.js`,
  before: `const factor = ${n + 1};`,
  after: `const factor = ${n + 2};`,
  content: `// Part ${n + 1} of the machine.\nconst factor = ${n + 1};\n\nexport function part${n + 1}(value) {\n  return value * factor;\n}\n`,
}));

const price = {
  path: 'src/price.js',
  content:
    'export function applyDiscount(price, percent) {\n  return price - price * percent;\n}\n\nexport function withTax(price) {\n  return price * 1.2;\n}\n',
  test: "import assert from 'node:assert';\nimport { applyDiscount } from '../src/price.js';\n\nassert.equal(applyDiscount(200, 25), 150);\nconsole.log('1 passed');\n",
  before: 'price * percent;',
  after: '(price * percent) / 100;',
};

export const tasks: Task[] = [
  {
    name: 'T1',
    about: 'a question about one file, 2 trips',
    message: 'What does src/price.js do?',
    calls: [call('file_read', { path: price.path })],
    answer: 'It takes a discount off a price, and adds tax to one.',
    prepare,
    check: (folder) => same(folder, price.path, price.content),
  },
  {
    name: 'T2',
    about: 'find and mend a failing test, 8 trips',
    message: 'A test fails. Find out why and mend it.',
    calls: [
      call('glob', { pattern: '**/*.test.js' }),
      call('bash', { command: 'node test/price.test.js' }),
      call('file_read', { path: 'test/price.test.js' }),
      call('grep', { pattern: 'applyDiscount', path: 'src' }),
      call('file_read', { path: price.path }),
      call('file_edit', { path: price.path, old_text: price.before, new_text: price.after }),
      call('bash', { command: 'node test/price.test.js' }),
    ],
    answer: 'The discount was a share and is a percentage now; the test passes.',
    prepare,
    check: (folder) => execFileSync(process.execPath, ['test/price.test.js'], { cwd: folder, stdio: 'pipe' }),
  },
  {
    name: 'T3',
    about: 'a long chat, 40 calls',
    message: 'Raise the factor of every part by one.',
    calls: [
      call('glob', { pattern: 'src/*.js' }),
      call('file_read', { path: 'README.md' }),
      ...modules.flatMap(({ path, before, after }) => [
        call('file_read', { path }),
        call('grep', { pattern: 'factor', path: 'src' }),
        call('file_edit', { path, old_text: before, new_text: after }),
        call('file_read', { path, start_line: 2, max_lines: 1 }),
      ]),
      call('bash', { command: 'grep -c factor src/part1.js' }),
      call('grep', { pattern: '^const factor', path: 'src' }),
    ],
    answer: 'All nine factors are one higher.',
    prepare,
    check: (folder) => {
      for (const { path, content, before, after } of modules) same(folder, path, content.replace(before, after));
    },
  },
];

function prepare(folder: string): void {
  const files = {
    'package.json': '{ "type": "module" }\n',
    'README.md': '# The machine\n\nNine parts, and a price.\n',
    [price.path]: price.content,
    'test/price.test.js': price.test,
    ...Object.fromEntries(modules.map(({ path, content }) => [path, content])),
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

function same(folder: string, path: string, content: string): void {
  if (readFileSync(join(folder, path), 'utf8') !== content) throw new Error(`${path} is not what the task asks for`);
}

/**
 * The script for all tasks, in any number of chats at once: the task is found by the person's message, the trip by
 * the tool results that are there.
 */
export function playTasks(request: ModelRequest): Step | undefined {
  const { messages } = request.body;
  const asked = textOf(messages.findLast((message) => message.role === 'user'));
  const task = tasks.find(({ message }) => asked.includes(message));
  const trip = messages.filter((message) => message.role === 'tool').length;
  return task && reply(task.calls[trip] ?? text(task.answer));
}
