import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { LoggedEvent } from '../../../../src/common/events.ts';
import type { ChildResult, Task } from '../../../../src/common/ipc.ts';
import type { Policy } from '../../../../src/common/gate/judge.ts';
import { type Blobs, createBlobs } from '../../../../src/node/blobs.ts';
import { childEnvironment } from '../../../../src/node/environment.ts';
import { createOutputs } from '../../../../src/node/outputs.ts';
import { createFiles, type WorkspaceFiles } from '../../../../src/node/paths.ts';
import { type AskAnswer, type AskRequest, type RunDeps, runTool } from '../../../../src/node/runTool.ts';
import { tools } from '../../../../src/node/tools/list.ts';

type End = LoggedEvent & { type: 'tool.end' };

/** A real folder with files, and a person who answers; everything a call goes through is the real thing. */
export class Bench {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), 'drover-tools-')));
  readonly root = join(this.base, 'shop');
  readonly blobs: Blobs = createBlobs(join(this.base, 'blobs'));
  readonly files: WorkspaceFiles;
  readonly events: LoggedEvent[] = [];
  readonly asked: AskRequest[] = [];
  readonly granted = new Set<string>();
  /** Everything in the order in which it happened. */
  readonly story: string[] = [];
  policy: Policy = { trusted: true, execute: 'ask', edits: 'ask', contained: false };
  ripgrep: string | undefined;
  cancel = new AbortController();
  answer: (request: AskRequest) => Promise<AskAnswer> = async () => ({ answer: 'once', by: 'client' });
  delegate: (tasks: readonly Task[]) => Promise<ChildResult[]> = async () => [];
  stop: string | undefined;
  /** Called when the record of a call is kept, before it begins. */
  recorded: (() => void) | undefined;
  output = '';

  constructor(contents: Record<string, string> = {}) {
    mkdirSync(this.root);
    for (const [path, content] of Object.entries(contents)) this.put(path, content);
    this.files = createFiles({ roots: [this.root], blobs: this.blobs, home: this.base });
  }

  put(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  get(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  call(name: string, args: unknown, change: Partial<RunDeps> = {}): Promise<End> {
    const text = typeof args === 'string' ? args : JSON.stringify(args);
    return runTool({ id: 'call00001', name, arguments: text }, { ...this.deps(), ...change });
  }

  remove(): void {
    rmSync(this.base, { recursive: true, force: true });
  }

  private deps(): RunDeps {
    return {
      agent: 'coding',
      tools,
      lacking: [],
      handoffs: ['coding', 'plan'],
      delegate: (_, tasks) => this.delegate(tasks),
      roots: [this.root],
      policy: this.policy,
      grants: () => this.granted,
      files: this.files,
      outputs: createOutputs(this.blobs, (call) => {
        const end = this.events.find((event) => event.type === 'tool.end' && event.call === call);
        return end?.type === 'tool.end' ? end.output : undefined;
      }),
      ripgrep: this.ripgrep,
      environment: childEnvironment(process.env, [this.root]),
      origin: 'model',
      signal: this.cancel.signal,
      ask: (request) => {
        this.story.push('ask');
        this.asked.push(request);
        return this.answer(request);
      },
      record: async (event) => {
        this.story.push('record');
        this.events.push(event);
        this.recorded?.();
        return this.stop === undefined ? {} : { stop: this.stop };
      },
      emit: (event) => {
        this.story.push(event.type);
        this.events.push(event);
      },
      output: (text) => {
        this.output += text;
      },
    };
  }
}
