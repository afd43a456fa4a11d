import { describe, expect, it } from 'vitest';
import type { EngineStatus } from '../../../src/common/engine.ts';
import { firstRun } from '../../../src/common/firstRun.ts';
import type { ChatSummary } from '../../../src/common/protocol.ts';
import { faceOf, modelName } from '../../../src/vscode/face.ts';
import type { Snapshot } from '../../../src/vscode/sidecar.ts';

const engine: EngineStatus = {
  state: 'ready',
  kind: 'managed',
  server: 'llama-server b4567 from the PATH',
  model: { id: 'q', name: 'models/Qwen3-4B.gguf' },
  slots: 4,
  context: 32768,
  busy: 0,
  waiting: 0,
  models: [],
};
const problem = { code: 'x', message: 'It broke.', advice: 'Mend it.' };

function face(change: Partial<EngineStatus> = {}, chats: Pick<ChatSummary, 'state'>[] = []) {
  const snapshot: Snapshot = {
    state: 'up',
    problem: null,
    engine: { ...engine, ...change },
    sandbox: null,
    agents: [],
    agentProblems: [],
    chats: chats as ChatSummary[],
  };
  return faceOf(snapshot);
}

describe('the status item', () => {
  it('is the model’s name, and says on what it runs', () => {
    expect(face()).toEqual({
      text: '$(hubot) Qwen3-4B',
      tooltip: 'Drover: llama-server b4567 from the PATH\n4 slots, 32,768 tokens each',
      warning: false,
    });
  });

  it('names the first-run model in short, and says what it can do; not one of a server by that name', () => {
    const model = { id: firstRun.id, name: firstRun.name };
    expect(face({ model })).toEqual({
      text: '$(hubot) First-run model',
      tooltip: `Drover: ${firstRun.name}: ${firstRun.abilities}\nllama-server b4567 from the PATH\n4 slots, 32,768 tokens each`,
      warning: false,
    });
    expect(face({ kind: 'url', url: 'http://x/v1', model }).tooltip).not.toContain(firstRun.abilities);
  });

  it('spins only while something works', () => {
    expect(face({ busy: 1 }).text).toBe('$(loading~spin) Qwen3-4B');
    expect(face({ state: 'starting' }).text).toContain('spin');
    expect(face({ state: 'stopped' }).text).not.toContain('spin');
    const fetching = face({ state: 'fetching', progress: { text: 'Fetching the model', done: 33, total: 98 } });
    expect(fetching.text).toBe('$(loading~spin) Qwen3-4B 33 %');
    expect(fetching.tooltip).toContain('Fetching the model');
  });

  it('says that commands cannot be shut in, and why; nothing where they are', () => {
    const text = 'Commands that run code of your folder are asked about: bubblewrap is not installed. Install it.';
    const base: Snapshot = {
      state: 'up',
      problem: null,
      engine,
      sandbox: { state: 'unavailable', text },
      agents: [],
      agentProblems: [],
      chats: [],
    };
    expect(faceOf(base)).toMatchObject({ text: '$(hubot) Qwen3-4B · no sandbox', warning: false });
    expect(faceOf(base).tooltip).toMatch(new RegExp(`\\n${text}$`));
    expect(faceOf({ ...base, sandbox: { state: 'off', text } })).toMatchObject({
      text: '$(hubot) Qwen3-4B',
      tooltip: expect.stringContaining(text),
    });
    expect(faceOf({ ...base, sandbox: { state: 'on', text: 'It works.' } }).tooltip).not.toContain('It works.');
  });

  it('calls when a chat waits for an answer', () => {
    expect(face({ busy: 1 }, [{ state: 'idle' }, { state: 'waiting' }]).text).toBe('$(bell-dot) Qwen3-4B');
  });

  it('warns only when chat cannot work, with what to do', () => {
    const { model: _, ...bare } = engine;
    const snapshot = (change: Partial<Snapshot>): Snapshot => ({
      state: 'up',
      problem: null,
      engine: null,
      sandbox: null,
      agents: [],
      agentProblems: [],
      chats: [],
      ...change,
    });
    expect(faceOf(snapshot({ engine: { ...bare, state: 'no-model' } }))).toMatchObject({
      text: '$(warning) Drover: no model',
      warning: true,
    });
    expect(faceOf(snapshot({ engine: { ...bare, state: 'absent', problem } }))).toMatchObject({
      text: '$(warning) Drover: no engine',
      tooltip: expect.stringContaining('It broke. Mend it.'),
    });
    expect(faceOf(snapshot({ state: 'down', problem })).tooltip).toBe('Drover: It broke. Mend it.');
    const quiet: Partial<Snapshot>[] = [
      { state: 'idle' },
      { state: 'starting' },
      { engine: { ...engine, state: 'stopped' } },
    ];
    expect(quiet.map((change) => faceOf(snapshot(change)).warning)).toEqual([false, false, false]);
  });

  it('names a server by its host when it has no model, and shortens what is long', () => {
    expect(modelName({ kind: 'url', url: 'http://localhost:11434/v1', model: undefined })).toBe('localhost:11434');
    expect(modelName({ kind: 'managed', url: undefined, model: undefined })).toBe('Drover');
    expect(modelName({ kind: 'managed', url: undefined, model: { id: 'x', name: 'x'.repeat(60) } })).toHaveLength(28);
  });
});
