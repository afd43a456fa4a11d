import type { Domain } from '../domains/domains.ts';
import type { LanguageName } from '../code/language.ts';

/** A function, class or method that a made-up file defines. Lines count from 1. */
export interface SymbolFact {
  name: string;
  kind: 'function' | 'class' | 'method' | 'type';
  file: string;
  line: number;
  /** The line of its definition, without the blanks at its ends. */
  signature: string;
  /** The first sentence of its comment as it stands, without the full stop; undefined: it has no comment. */
  told: string | undefined;
  parameters: string[];
  returns: boolean;
}

export interface ConstantFact {
  name: string;
  file: string;
  line: number;
  /** As in the source. */
  value: string;
  doc: string | undefined;
}

/** A text that people see, in the source. */
export interface TextFact {
  text: string;
  file: string;
  line: number;
}

/** A key with a value in a file of settings; `line` is the whole line as it stands. */
export interface SettingFact {
  file: string;
  key: string;
  value: string;
  line: string;
}

/** What is known of a file besides its text. */
export interface FileFact {
  path: string;
  kind: 'source' | 'test' | 'settings' | 'document' | 'data' | 'other';
  /** The first sentence of the comment at its head, without the full stop. */
  purpose: string | undefined;
  symbols: SymbolFact[];
  constants: ConstantFact[];
  /** Paths that it imports, as written. */
  imports: string[];
}

/** The tests of a workspace. */
export interface TestFacts {
  runner: 'node' | 'vitest' | 'jest' | 'mocha' | 'pytest' | 'unittest' | 'go' | 'cargo' | 'maven' | 'make';
  /** What runs them. */
  command: string;
  files: { path: string; names: string[]; subject: string }[];
}

/** A made-up program: its files, and what is true of them. */
export interface Workspace {
  /** The folder's name. */
  name: string;
  title: string;
  domain: Domain;
  language: LanguageName;
  /** Contents by path, with forward slashes. */
  files: Map<string, string>;
  facts: Map<string, FileFact>;
  texts: TextFact[];
  settings: SettingFact[];
  tests: TestFacts | undefined;
  /** What README.md says in its first paragraph, sentence by sentence. */
  readme: string[] | undefined;
  /** Scripts of package.json. */
  scripts: Record<string, string>;
  /** Whether it is a repository of git. */
  git: boolean;
}

export function symbolsOf(workspace: Workspace): SymbolFact[] {
  return [...workspace.facts.values()].flatMap(({ symbols }) => symbols);
}

export function constantsOf(workspace: Workspace): ConstantFact[] {
  return [...workspace.facts.values()].flatMap(({ constants }) => constants);
}

/** The lines of a file. @throws for one that is not there, which is a bug of the caller */
export function linesOf(workspace: Workspace, path: string): string[] {
  const content = workspace.files.get(path);
  if (content === undefined) throw new Error(`no such file: ${path}`);
  const lines = content.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
