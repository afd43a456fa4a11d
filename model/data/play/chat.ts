import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { LoggedEvent, Outcome } from '../../../src/common/events.ts';
import { type Mention, mentions } from '../../../src/common/mentions.ts';
import type { Tool } from '../../../src/common/tool.ts';
import { type Framing, type Message, toMessages } from '../../../src/common/transcript.ts';
import { createBlobs } from '../../../src/node/blobs.ts';
import { childEnvironment } from '../../../src/node/environment.ts';
import { createFiles } from '../../../src/node/paths.ts';
import { type AskAnswer, runTool } from '../../../src/node/runTool.ts';
import { bash } from '../../../src/node/tools/bash.ts';
import { firstTools } from '../../../src/node/tools/list.ts';
import { undo } from '../../../src/node/undo.ts';
import { Unsuitable } from './unsuitable.ts';

export type End = LoggedEvent & { type: 'tool.end' };

/** What a command prints, and how it ends; commands are told, not run, so that no toolchain is needed. */
export interface Printed {
  output: string;
  code: number;
}

export interface ChatSettings {
  /** The folder's name. */
  name: string;
  files: ReadonlyMap<string, string>;
  framing: Framing;
  agent: string;
  mark: string;
  facts: string;
  trusted: boolean;
  /** Tools of the current role. */
  allowed: readonly string[];
}

export interface CallOptions {
  /** Said in the same message, before the call. */
  text?: string;
  outcome?: Outcome;
  /** What the command prints. */
  printed?: Printed;
  /** The person says no, with or without a reason. */
  refused?: { reason?: string };
  /** Happens while the person is asked. */
  meanwhile?: () => void;
}

/**
 * A chat that is played: a real folder, the product's own door to its tools, its events and its messages. The person
 * and the model are whoever calls `say`, `call` and `answer`.
 */
export class Chat {
  private readonly base = realpathSync(mkdtempSync(join(tmpdir(), 'drover-data-')));
  private readonly root: string;
  private readonly events: LoggedEvent[];
  private readonly settings: ChatSettings;
  private readonly files;
  private readonly blobs;
  private readonly grants = new Set<string>();
  private ids = 0;
  private calls = 0;
  private waiting: { after: number; text: string; reply: string } | undefined;
  private reply = '';
  private first = true;

  constructor(settings: ChatSettings) {
    const { name, agent, trusted, mark, facts } = settings;
    this.settings = settings;
    this.root = join(this.base, name);
    mkdirSync(this.root);
    for (const [path, content] of settings.files) this.put(path, content);
    this.blobs = createBlobs(join(this.base, 'blobs'));
    this.files = createFiles({ roots: [this.root], blobs: this.blobs, home: this.base });
    const workspace = { roots: [this.root], trusted };
    this.events = [{ type: 'chat', id: 'c', agent, workspace, mark, title: name, facts }];
  }

  put(path: string, content: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  get(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  /** A message of the person; files that it mentions are read, as the product's loop does. */
  async say(text: string, context?: Record<string, unknown>): Promise<End[]> {
    this.events.push({
      type: 'user',
      text,
      agent: this.settings.agent,
      asks: 'client',
      ...(context === undefined ? {} : { context }),
    });
    const preamble: Mention[] = this.first && this.settings.files.has('AGENTS.md') ? [{ path: 'AGENTS.md' }] : [];
    this.first = false;
    const read: End[] = [];
    for (const { path, start, end } of [...preamble, ...mentions(text)]) {
      const lines = start === undefined ? {} : { start_line: start, max_lines: (end ?? start) - start + 1 };
      read.push(await this.run('file_read', { path, ...lines }, this.newId(), 'mention', {}));
    }
    return read;
  }

  /** A call of the model. @throws Unsuitable when it ends in another way than was planned */
  async call(name: string, args: object, options: CallOptions = {}): Promise<End> {
    const id = this.newId();
    const call = { id, name, arguments: JSON.stringify(args) };
    this.events.push({
      type: 'assistant',
      agent: this.settings.agent,
      text: this.replied(options.text ?? '', '\n'),
      calls: [call],
      finish: 'tool_calls',
      model: 'first-run',
    });
    const end = await this.run(name, args, id, 'model', options);
    const wanted =
      options.outcome ?? (options.refused ? 'denied' : (options.printed?.code ?? 0) === 0 ? 'ok' : 'error');
    this.calls++;
    if (this.waiting?.after === this.calls) {
      this.steer(this.waiting.text);
      this.reply = this.waiting.reply;
      this.waiting = undefined;
    }
    if (end.outcome !== wanted)
      throw new Unsuitable(`${name} ${JSON.stringify(args)} ended as ${end.outcome}: ${end.text}`);
    return end;
  }

  /** The last message of a turn. */
  answer(text: string): void {
    this.events.push({
      type: 'assistant',
      agent: this.settings.agent,
      text: this.replied(text, '\n\n'),
      calls: [],
      finish: 'stop',
      model: 'first-run',
    });
  }

  /** The tools that were called so far. */
  called(): Set<string> {
    return new Set(
      this.events.flatMap((event) => (event.type === 'assistant' ? event.calls.map(({ name }) => name) : [])),
    );
  }

  private replied(text: string, between: string): string {
    const said = [this.reply, text].filter((part) => part !== '').join(between);
    this.reply = '';
    return said;
  }

  /** The person says something while the model works; read behind the last result. */
  steer(text: string): void {
    this.events.push({ type: 'steered', item: `i${this.events.length}`, text });
  }

  /** The person will ask something after so many calls, and is answered in the next message of the model. */
  steerLater(after: number, text: string, reply: string): void {
    this.waiting = { after, text, reply };
  }

  /** Whether what was to be asked later has been answered. */
  get steered(): boolean {
    return this.waiting === undefined && this.reply === '';
  }

  /** The person takes back the last change. */
  async undoLast(): Promise<void> {
    const end = this.events.findLast((event) => event.type === 'tool.end' && event.change !== undefined);
    if (end?.type !== 'tool.end' || end.change === undefined) throw new Unsuitable('nothing to undo');
    await undo(end.change, { files: this.files, blobs: this.blobs });
    this.events.push({ type: 'undo', call: end.call, path: end.change.path, done: true });
  }

  messages(): Message[] {
    return toMessages(this.events, this.settings.framing);
  }

  remove(): void {
    rmSync(this.base, { recursive: true, force: true });
  }

  private newId(): string {
    return `call${String(++this.ids).padStart(5, '0')}`;
  }

  private run(name: string, args: object, id: string, origin: 'model' | 'mention', options: CallOptions): Promise<End> {
    const { trusted, allowed } = this.settings;
    const ask = async (): Promise<AskAnswer> => {
      options.meanwhile?.();
      if (options.refused === undefined) return { answer: 'once', by: 'client' };
      const { reason } = options.refused;
      return { answer: 'reject', by: 'client', ...(reason === undefined ? {} : { reason }) };
    };
    return runTool(
      { id, name, arguments: JSON.stringify(args) },
      {
        agent: this.settings.agent,
        tools: firstTools
          .filter((tool) => allowed.includes(tool.name) || allowed.includes(tool.group))
          .map((tool) => (tool.name === bash.name ? this.told(tool, options.printed) : tool)),
        lacking: firstTools.map(({ name }) => name),
        roots: [this.root],
        handoffs: [],
        delegate: async () => [],
        policy: { trusted, execute: 'ask', edits: 'ask', contained: false },
        grants: () => this.grants,
        files: this.files,
        ripgrep: undefined,
        environment: childEnvironment(process.env, [this.root]),
        origin,
        signal: new AbortController().signal,
        ask,
        record: async (event) => {
          this.events.push(event);
          return {};
        },
        emit: (event) => this.events.push(event),
        output: () => undefined,
      },
    );
  }

  /** The product's own tool, which judges and shows the command as it stands, and runs one that prints what is told. */
  private told(tool: Tool, printed: Printed | undefined): Tool {
    if (printed === undefined) return tool;
    const file = join(this.base, 'printed.txt');
    return {
      ...tool,
      run: (args, context) => {
        writeFileSync(file, printed.output);
        const { timeout } = args as { timeout?: number };
        return bash.run(
          { command: `cat '${file}'; exit ${printed.code}`, ...(timeout === undefined ? {} : { timeout }) },
          context,
        );
      },
    };
  }
}
