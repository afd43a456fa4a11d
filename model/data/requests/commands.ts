// Running a command as given, and scripts of package.json.
import { posix } from 'node:path';
import type { LanguageName } from '../code/language.ts';
import { capital, listed, snake } from '../english.ts';
import type { Printed } from '../play/chat.ts';
import { FreshWords } from '../words.ts';
import { linesOf } from '../workspace/workspace.ts';
import { ask, code, need, type Play, some, type Stage } from './stage.ts';
import { notRun, refusals } from './tests.ts';

interface Told extends Printed {
  command: string;
  /** What an answer says of it. */
  says: string;
}

/** A command with what it would print here. */
function someCommand(stage: Stage): Told {
  const { random } = stage;
  return random.chance(0.5) ? ownProgram(stage) : random.pick(makers)(stage);
}

/** A program of the workspace, which nobody knows by heart, with lines that it prints. */
function ownProgram(stage: Stage): Told {
  const { random } = stage;
  const fresh = new FreshWords(random);
  const command = ownCommand(stage, fresh);
  const row = random.pick([
    () => `${fresh.next()}: ${random.int(1, 90)} ${random.pick(['pieces', 'days', 'points', 'litres', 'km', '%'])}`,
    () => `${fresh.next()} ${fresh.next()}`,
    () => `${fresh.next().padEnd(12)} ${random.int(1, 900)}`,
    () => `${random.int(1, 9)}. ${fresh.next()} (${fresh.next()})`,
    () =>
      capital(
        `${fresh.next()} ${random.pick(['is ready', 'was sent', 'has been open since', 'needs'])} ${fresh.next()}`,
      ),
  ]);
  const rows = Array.from({ length: random.int(1, 6) }, row);
  if (random.chance(0.12)) {
    const why = `${random.pick(['unknown command', 'no such file', 'missing argument', 'not found'])}: ${fresh.next()}`;
    const exit = random.int(1, 2);
    return fails(command, `${why}\n`, exit, `It failed with exit code ${exit}: ${why}.`);
  }
  const head = random.chance(0.3) ? random.int(1, rows.length) : undefined;
  const shown = rows.slice(0, head);
  return {
    command: head === undefined ? command : `${command} | head -${random.chance(0.5) ? `n ${head}` : head}`,
    output: `${shown.join('\n')}\n`,
    code: 0,
    says: shown.length === 1 ? `It printed "${shown[0] ?? ''}".` : `It printed:\n\n\`\`\`\n${shown.join('\n')}\n\`\`\``,
  };
}

function ownCommand({ workspace, random }: Stage, fresh: FreshWords): string {
  const sources = [...workspace.facts.values()].flatMap(({ kind, path }) => (kind === 'source' ? [path] : []));
  const path = random.pick(sources);
  const starts: Record<LanguageName, string[]> = {
    typescript: [`node ${path}`, `npx tsx ${path}`, 'npm start --', `node ${path}`],
    javascript: [`node ${path}`, 'npm start --', `node ${path}`, `npx ${fresh.next()}`],
    python: [
      `python3 -m ${snake(fresh.next())}`,
      `python3 ${path}`,
      `python3 -m ${snake(workspace.name)}`,
      `python ${path}`,
    ],
    go: ['go run .', `go run ./cmd/${fresh.next()}`],
    rust: ['cargo run --', `cargo run --bin ${fresh.next()} --`],
    java: [`java -jar target/${fresh.next()}.jar`, `./mvnw exec:java`],
  };
  const start = random.chance(0.15)
    ? `./${random.pick(['scripts', 'bin', 'tools'])}/${fresh.next()}.sh`
    : random.pick(starts[workspace.language]);
  const more = [
    () => fresh.next(),
    () => `${fresh.next()} ${random.int(2, 400)}`,
    () => `--${fresh.next()}`,
    () => `${fresh.next()} --${fresh.next()}=${random.int(1, 60)}`,
    () => `${fresh.next()} ${fresh.next()}`,
    () => `-${random.pick(['v', 'q', 'n 3', 'a', 'x'])} ${fresh.next()}`,
  ];
  return `${start} ${random.pick(more)()}`;
}

const fails = (command: string, output: string, codeOf: number, says: string): Told => ({
  command,
  output,
  code: codeOf,
  says,
});

const makers: readonly ((stage: Stage) => Told)[] = [
  ({ workspace, random }) => {
    const path = random.pick([...workspace.files.keys()]);
    const lines = linesOf(workspace, path).length;
    return {
      command: `wc -l ${path}`,
      output: `${lines} ${path}\n`,
      code: 0,
      says: `${code(path)} has ${lines} lines.`,
    };
  },
  ({ workspace }) => {
    const entries = [
      ...new Set(
        [...workspace.files.keys()].filter((path) => !path.startsWith('.')).map((path) => path.split('/')[0] ?? ''),
      ),
    ].toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
    return {
      command: 'ls',
      output: `${entries.join('\n')}\n`,
      code: 0,
      says: `The folder contains ${listed(entries.map(code))}.`,
    };
  },
  ({ workspace, random }) => {
    const folder = some(
      random,
      [...new Set([...workspace.files.keys()].map((path) => posix.dirname(path)).filter((each) => each !== '.'))],
      'folder',
    );
    const entries = [
      ...new Set(
        [...workspace.files.keys()]
          .filter((path) => path.startsWith(`${folder}/`))
          .map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''),
      ),
    ].toSorted();
    return {
      command: `ls ${folder}`,
      output: `${entries.join('\n')}\n`,
      code: 0,
      says: `${code(folder)} contains ${listed(entries.map(code))}.`,
    };
  },
  ({ random }) => {
    const version = `v${random.pick([18, 20, 22, 24])}.${random.int(0, 20)}.${random.int(0, 3)}`;
    return {
      command: random.pick(['node --version', 'node -v']),
      output: `${version}\n`,
      code: 0,
      says: `It is Node ${version}.`,
    };
  },
  ({ random }) => {
    const version = `3.${random.int(9, 14)}.${random.int(0, 12)}`;
    return {
      command: random.pick(['python3 --version', 'python3 -V']),
      output: `Python ${version}\n`,
      code: 0,
      says: `It is Python ${version}.`,
    };
  },
  ({ random }) => {
    const version = `${random.int(9, 11)}.${random.int(0, 12)}.${random.int(0, 4)}`;
    return {
      command: 'npm --version',
      output: `${version}\n`,
      code: 0,
      says: `npm has version ${version}.`,
    };
  },
  ({ random }) => {
    const word = random.pick(['hello', 'ready', 'ok', 'done', 'test 1 2 3']);
    return { command: `echo ${word}`, output: `${word}\n`, code: 0, says: `It printed ${code(word)}.` };
  },
  ({ workspace, random }) => {
    const path = `/home/${random.pick(['kim', 'lee', 'ana', 'dev'])}/${random.pick(['code', 'projects', 'work'])}/${workspace.name}`;
    return {
      command: 'pwd',
      output: `${path}\n`,
      code: 0,
      says: `The folder is ${code(path)}.`,
    };
  },
  ({ random }) => {
    const date = `${random.pick(['Mon', 'Tue', 'Fri'])} ${random.pick(['Mar', 'Jun', 'Oct'])} ${random.int(10, 28)} ${random.int(10, 23)}:${random.int(10, 59)}:${random.int(10, 59)} UTC ${random.int(2025, 2027)}`;
    return { command: 'date', output: `${date}\n`, code: 0, says: `It printed ${code(date)}.` };
  },
  ({ random }) => {
    const [added, seconds] = [random.int(3, 420), random.int(1, 14)];
    return {
      command: random.pick(['npm install', 'npm ci']),
      output: `\nadded ${added} packages, and audited ${added + 1} packages in ${seconds}s\n\nfound 0 vulnerabilities\n`,
      code: 0,
      says: `It added ${added} packages and found 0 vulnerabilities.`,
    };
  },
  ({ workspace, random }) => {
    const path = some(
      random,
      [...workspace.facts.values()].filter(({ kind }) => kind === 'source').map((each) => each.path),
      'source',
    );
    return fails(
      'npx tsc --noEmit',
      `${path}(${random.int(3, 30)},${random.int(3, 30)}): error TS2322: Type 'string' is not assignable to type 'number'.\n`,
      2,
      `It failed with exit code 2: in ${code(path)} the type \`string\` is not assignable to \`number\`.`,
    );
  },
  ({ workspace }) => ({
    command: 'du -sh .',
    output: `${workspace.files.size * 8}K\t.\n`,
    code: 0,
    says: `The folder takes ${workspace.files.size * 8}K.`,
  }),
  ({ random }) => {
    const tool = random.pick([
      'docker ps',
      'yarn build',
      'pnpm install',
      'tree',
      'deno test',
      'poetry install',
      'ruff check .',
      'kubectl get pods',
    ]);
    const name = tool.split(' ')[0] ?? tool;
    return fails(
      tool,
      `bash: line 1: ${name}: command not found\n`,
      127,
      `It failed with exit code 127: ${code(name)} was not found.`,
    );
  },
  ({ random }) => {
    const module = random.pick(['flask', 'numpy', 'requests', 'yaml', 'rich']);
    return fails(
      `python3 -c "import ${module}"`,
      `Traceback (most recent call last):\n  File "<string>", line 1, in <module>\n    import ${module}\nModuleNotFoundError: No module named '${module}'\n`,
      1,
      `It failed with exit code 1: there is no module named ${code(module)}.`,
    );
  },
  ({ workspace, random }) => {
    const path = some(
      random,
      [...workspace.files.keys()].filter(
        (each) =>
          linesOf(workspace, each).length > 3 &&
          linesOf(workspace, each)
            .slice(0, 3)
            .every((line) => line.length < 90),
      ),
      'file',
    );
    const lines = linesOf(workspace, path).slice(0, 3);
    return {
      command: `head -n 3 ${path}`,
      output: `${lines.join('\n')}\n`,
      code: 0,
      says: `The first lines of ${code(path)} are:\n\n\`\`\`\n${lines.join('\n').trimEnd()}\n\`\`\``,
    };
  },
  ({ random }) => {
    const target = random.pick(['build', 'clean', 'lint', 'all']);
    return random.chance(0.5)
      ? fails(
          `make ${target}`,
          `make: *** No rule to make target '${target}'.  Stop.\n`,
          2,
          `It failed with exit code 2: there is no rule to make ${code(target)}.`,
        )
      : {
          command: `make ${target}`,
          output: `make: Nothing to be done for '${target}'.\n`,
          code: 0,
          says: `There was nothing to be done for ${code(target)}.`,
        };
  },
  ({ workspace, random }) => {
    const path = random.pick([...workspace.files.keys()]);
    return {
      command: `touch ${path}`,
      output: '',
      code: 0,
      says: 'It ran without printing anything.',
    };
  },
  ({ random }) => {
    const port = random.pick([3000, 8080, 5000, 9090]);
    return fails(`curl -s localhost:${port}/health`, '', 7, 'It failed with exit code 7 and printed nothing.');
  },
];

export const runCommand: Play = async (stage) => {
  const { chat } = stage;
  const { command, says, output, code: exit } = someCommand(stage);
  await ask(stage, 'run_command', { command });
  await chat.call('bash', { command }, { printed: { output, code: exit } });
  chat.answer(says);
  return {};
};

export const runCommandDenied: Play = async (stage) => {
  const { chat, random } = stage;
  const usual = random.pick([
    'npm install',
    'npm ci',
    'rm -rf dist',
    'make clean',
    'docker compose up',
    'pip install -r requirements.txt',
    'npx prettier --write .',
    'cargo run',
    'node scripts/migrate.js',
    'npm publish',
  ]);
  const command = random.chance(0.5) ? usual : ownCommand(stage, new FreshWords(random));
  await ask(stage, 'run_command', { command });
  const reason = random.chance(0.5) ? random.pick(refusals) : undefined;
  const end = await chat.call('bash', { command }, { refused: reason === undefined ? {} : { reason } });
  chat.answer(notRun(command, end.text));
  return {};
};

export const runScript: Play = async (stage) => {
  const { chat, random, workspace } = stage;
  if (!workspace.files.has('package.json')) need(undefined, 'package.json');
  const names = Object.keys(workspace.scripts).filter((name) => name !== 'test');
  const missing = names.length === 0 || random.chance(0.2);
  const script = missing
    ? random.pick(
        ['build', 'lint', 'start', 'deploy', 'format', 'dev', 'docs', 'coverage'].filter(
          (name) => !(name in workspace.scripts),
        ),
      )
    : random.pick(names);
  await ask(stage, 'run_script', { script });
  await chat.call('file_read', { path: 'package.json' });
  if (missing) {
    const all = Object.keys(workspace.scripts);
    chat.answer(
      all.length === 0
        ? `${code('package.json')} has no scripts, so there is no ${code(script)}.`
        : `There is no script ${code(script)} in ${code('package.json')}. ${all.length === 1 ? 'The only one is' : 'There are'} ${listed(all.map(code))}.`,
    );
    return {};
  }
  const command = script === 'start' ? 'npm start' : `npm run ${script}`;
  const told = scriptRun(stage, script);
  await chat.call('bash', { command }, { printed: told });
  chat.answer(told.says);
  return {};
};

function scriptRun({ workspace, random }: Stage, script: string): Told {
  const manifest = JSON.parse(workspace.files.get('package.json') ?? '{}') as { name?: string; version?: string };
  const head = `\n> ${manifest.name}@${manifest.version} ${script}\n> ${workspace.scripts[script]}\n\n`;
  const sources = [...workspace.facts.values()].filter(({ kind }) => kind === 'source').map(({ path }) => path);
  const path = random.pick(sources);
  const command = script === 'start' ? 'npm start' : `npm run ${script}`;
  if (random.chance(0.3)) {
    const [line, column] = [random.int(2, 30), random.int(1, 30)];
    const [message, says] = random.pick([
      [
        `${path}:${line}:${column} error 'result' is assigned a value but never used`,
        `${code('result')} is assigned but never used, in ${code(`${path}:${line}`)}`,
      ],
      [
        `${path}(${line},${column}): error TS2304: Cannot find name 'amount'.`,
        `the name ${code('amount')} cannot be found, in ${code(path)} line ${line}`,
      ],
      [`Error: Cannot find module './missing.js'`, `the module ${code('./missing.js')} cannot be found`],
      [`SyntaxError: Unexpected token '}' (${path}:${line})`, `an unexpected token in ${code(`${path}:${line}`)}`],
    ] as const);
    return {
      command,
      output: `${head}${message}\n`,
      code: 1,
      says: `${code(command)} failed with exit code 1: ${says}.`,
    };
  }
  if (script === 'start' || script === 'dev') {
    const printed = random.pick([
      random.pick(workspace.domain.texts),
      `Listening on port ${random.pick([3000, 8080, 5173])}`,
      'ready',
      `Welcome to ${workspace.domain.about}`,
    ]);
    return {
      command,
      output: `${head}${printed}\n`,
      code: 0,
      says: `${code(command)} ran and printed "${printed}".`,
    };
  }
  const [line, says] = random.pick([
    ['', 'and printed nothing else'],
    [`done in ${random.int(20, 900)}ms\n`, 'without errors'],
    [`${sources.length} files checked, no problems found.\n`, 'without problems'],
  ] as const);
  return { command, output: head + line, code: 0, says: `${code(command)} ran ${says}.` };
}
