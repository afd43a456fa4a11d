// What an answer says of files and functions; only facts of the workspace.
import { listed } from '../english.ts';
import { type FileFact, linesOf, type SymbolFact, type Workspace } from '../workspace/workspace.ts';
import { code } from './stage.ts';

const fences: Record<string, string> = {
  ts: 'ts',
  js: 'js',
  py: 'python',
  go: 'go',
  rs: 'rust',
  java: 'java',
  md: 'md',
  json: 'json',
  toml: 'toml',
  yaml: 'yaml',
  yml: 'yaml',
};

/** Lines of a file, word for word. */
export function fenced(path: string, lines: readonly string[]): string {
  const fence = fences[path.split('.').at(-1) ?? ''] ?? '';
  return `\`\`\`${fence}\n${lines.join('\n')}\n\`\`\``;
}

/**
 * What a symbol does, in the words of its comment. Without one only what it takes is said: a model this small is good at
 * copying and bad at guessing from names.
 */
export function toldOf({ told, parameters, kind }: SymbolFact): string {
  if (told !== undefined) return told;
  if (kind === 'class' || kind === 'type') return `a ${kind}`;
  return parameters.length === 0 ? 'takes nothing' : `takes ${listed(parameters.map(code))}`;
}

/** The first sentence about a source file. */
function opening(fact: FileFact): string {
  const { purpose, path } = fact;
  const main = fact.symbols.filter(({ kind }) => kind !== 'method');
  if (purpose !== undefined) return `${code(path)}: ${purpose}.`;
  const names = main.slice(0, 5).map(({ name }) => code(name));
  if (names.length === 0)
    return `${code(path)} defines ${listed(fact.constants.slice(0, 5).map(({ name }) => code(name)))}.`;
  return `${code(path)} defines ${listed(names)}${main.length > 5 ? ' and more' : ''}.`;
}

/** An explanation of a file; `upTo`: only the lines before were read. */
export function explanation(fact: FileFact, workspace: Workspace, upTo?: number): string {
  const partly = upTo === undefined ? '' : `\n\nI have read only the first ${upTo} lines of it.`;
  const seen = upTo === undefined ? fact : { ...fact, symbols: fact.symbols.filter(({ line }) => line <= upTo) };
  if (fact.kind !== 'source') return aboutOther(seen, workspace) + partly;
  const shown = seen.symbols
    .filter(({ kind }) => kind === 'function' || kind === 'method' || (kind === 'class' && seen.symbols.length < 3))
    .slice(0, 4);
  const first = opening(seen);
  if (shown.length === 0) return first + constantsText(seen) + partly;
  const list = shown.map((symbol) => ({ name: code(symbol.name), told: toldOf(symbol) }));
  if (list.length === 1 && list[0]) return `${first} ${list[0].name}: ${list[0].told}.${partly}`;
  return `${first}\n\n${list.map(({ name, told }) => `- ${name}: ${told}`).join('\n')}${partly}`;
}

function constantsText(fact: FileFact): string {
  const shown = fact.constants.slice(0, 3).map(({ name, value }) => `${code(name)} is ${value}`);
  return shown.length === 0 ? '' : ` ${listed(shown)}.`;
}

function aboutOther(fact: FileFact, workspace: Workspace): string {
  const { path } = fact;
  const lines = linesOf(workspace, path);
  const name = path.split('/').at(-1) ?? path;
  if (lines.length === 0) return `${code(path)} is empty.`;
  if (fact.kind === 'test') return aboutTests(path, workspace);
  if (name === 'package.json') return aboutPackage(path, workspace);
  if (name.endsWith('.md')) return aboutMarkdown(path, lines);
  if (name === 'Makefile') {
    const targets = lines.flatMap((line) => /^([a-z]+):/.exec(line)?.[1] ?? []);
    return `${code(path)} has the targets ${listed(targets.map(code))}.`;
  }
  if (name.endsWith('.csv'))
    return `${code(path)} is a table with the columns ${listed((lines[0] ?? '').split(',').map(code))}.`;
  if (name === '.gitignore') return `${code(path)} names what git leaves out: ${listed(lines.map(code))}.`;
  if (name === 'LICENSE') return `${code(path)} is the licence of the project: the MIT License.`;
  if (name === 'go.mod')
    return `${code(path)} names the module ${code((lines[0] ?? '').split(' ')[1] ?? '')} and its Go version, ${(lines[2] ?? '').split(' ')[1] ?? ''}.`;
  if (name === 'requirements.txt')
    return `${code(path)} lists the packages that are needed: ${listed(lines.map(code))}.`;
  const settings = workspace.settings.filter(({ file }) => file === path);
  if (settings.length > 0)
    return `${code(path)} holds settings: ${listed(settings.slice(0, 4).map(({ key, value }) => `${code(key)} is ${code(value)}`))}${settings.length > 4 ? ', and more' : ''}.`;
  if (name.endsWith('.json')) {
    const keys = [...new Set(lines.flatMap((line) => /^\s+"(\w+)":/.exec(line)?.[1] ?? []))];
    return `${code(path)} holds data: entries with ${listed(keys.slice(0, 4).map(code))}.`;
  }
  if (name === 'index.html')
    return `${code(path)} is a web page with the title "${/<title>(.*)<\/title>/.exec(lines.join('\n'))?.[1] ?? ''}".`;
  if (name.endsWith('.css')) {
    return `${code(path)} holds the styles of ${listed(lines.flatMap((line) => /^(\S+) \{/.exec(line)?.[1] ?? []).map(code))}.`;
  }
  if (name === 'Dockerfile')
    return `${code(path)} builds a container on ${code((lines[0] ?? '').slice(5))} and starts it with ${code((lines.at(-1) ?? '').slice(4))}.`;
  if (path.startsWith('.github/'))
    return `${code(path)} is a workflow that runs ${code(/run: (.*)/.exec(lines.join('\n'))?.[1] ?? '')} on each push.`;
  if (name === 'pom.xml') return `${code(path)} is the Maven file of the project.`;
  return `${code(path)} begins with ${code(lines[0] ?? '')}.`;
}

function aboutTests(path: string, workspace: Workspace): string {
  const file = workspace.tests?.files.find((each) => each.path === path);
  if (file === undefined) return `${code(path)} holds tests.`;
  return `${code(path)} tests ${code(file.subject)}:\n\n${file.names.map((name) => `- ${name}`).join('\n')}`;
}

function aboutPackage(path: string, workspace: Workspace): string {
  const manifest = JSON.parse(workspace.files.get(path) ?? '{}') as {
    name?: string;
    version?: string;
    description?: string;
  };
  const scripts = Object.keys(workspace.scripts);
  const described = manifest.description === undefined ? '' : ` Its description is "${manifest.description}"`;
  return `${code(path)} describes the package ${code(manifest.name ?? '')}, version ${manifest.version ?? ''}.${described}${scripts.length === 0 ? '' : ` Its scripts are ${listed(scripts.map(code))}.`}`;
}

function aboutMarkdown(path: string, lines: readonly string[]): string {
  const text = lines.filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('```'));
  const line = (text[0] ?? '').replace(/^- /, '');
  const first = /^.*?[.!?](?=\s|$)/.exec(line)?.[0] ?? line;
  const headings = lines.filter((line) => line.startsWith('## ')).map((line) => `"${line.slice(3)}"`);
  const parts =
    headings.length === 0 ? '' : ` Its ${headings.length === 1 ? 'section is' : 'sections are'} ${listed(headings)}.`;
  return `${code(path)} is a document. It says: ${first.replace(/[.!?]?$/, (end) => end || '.')}${parts}`;
}
