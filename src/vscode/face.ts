import type { EngineStatus } from '../common/engine.ts';
import { firstRun, onFirstRun } from '../common/firstRun.ts';
import type { Snapshot } from './sidecar.ts';

/** What the status bar shows. `text` may begin with one codicon. */
export interface Face {
  text: string;
  tooltip: string;
  /** Chat cannot work at all. */
  warning: boolean;
}

/** Characters of a model's name that fit. */
const NAME = 28;

/** How the connection, the engine and the chats look in one item. `waiting`: a chat wants an answer of the person. */
export function faceOf({ state, problem, engine, sandbox, chats }: Snapshot): Face {
  if (state === 'idle') return quiet('hubot', 'Drover', 'Not started yet. Open the panel to begin.');
  if (state === 'down') {
    const why = problem ? `${problem.message} ${problem.advice}` : 'The supervisor is not there.';
    return { text: '$(warning) Drover', tooltip: `Drover: ${why}`, warning: true };
  }
  if (state === 'starting' || !engine) return quiet('loading~spin', 'Drover', 'Connecting to the supervisor.');
  const face = engineFace(
    engine,
    chats.some((chat) => chat.state === 'waiting'),
  );
  const said = sandboxSentence(sandbox);
  if (said === undefined) return face;
  // Who switched it off knows; that it cannot work is news.
  const text = sandbox?.state === 'unavailable' ? `${face.text} · no sandbox` : face.text;
  return { ...face, text, tooltip: `${face.tooltip}\n${said}` };
}

/** What the person should know of the sandbox: nothing where it works. */
export function sandboxSentence(sandbox: Snapshot['sandbox']): string | undefined {
  return sandbox?.state === 'off' || sandbox?.state === 'unavailable' ? sandbox.text : undefined;
}

function engineFace(engine: EngineStatus, waiting: boolean): Face {
  const name = modelName(engine);
  const details = detailsOf(engine);
  switch (engine.state) {
    case 'absent':
      return broken('Drover: no engine', details || 'There is no llama-server to run models with.');
    case 'no-model':
      return broken('Drover: no model', details || 'No model is chosen.');
    case 'failed':
      return broken(name, details || 'The engine failed.');
    case 'stopped':
      return quiet('circle-outline', name, `The engine is stopped; the next message starts it.\n${details}`);
    case 'fetching':
      return quiet('loading~spin', `${name}${percent(engine)}`, details);
    case 'starting':
    case 'stopping':
      return quiet('loading~spin', name, details);
    case 'ready':
      if (waiting) return quiet('bell-dot', name, `A chat waits for your answer.\n${details}`);
      return engine.busy > 0 ? quiet('loading~spin', name, `Working.\n${details}`) : quiet('hubot', name, details);
  }
}

function quiet(icon: string, name: string, tooltip: string): Face {
  return { text: `$(${icon}) ${name}`, tooltip: `Drover: ${tooltip}`.trim(), warning: false };
}

function broken(name: string, tooltip: string): Face {
  return { text: `$(warning) ${name}`, tooltip: `Drover: ${tooltip}`.trim(), warning: true };
}

/** The model as a person calls it: no folder, no `.gguf`; for a server by address without a model, its host. */
export function modelName({ kind, model, url }: Pick<EngineStatus, 'kind' | 'model' | 'url'>): string {
  if (!model) return url !== undefined && URL.canParse(url) ? new URL(url).host : 'Drover';
  if (onFirstRun({ kind, model })) return capital(firstRun.short);
  const name = model.name.replace(/^.*[/\\]/, '').replace(/\.gguf$/i, '');
  return name.length > NAME ? `${name.slice(0, NAME - 1)}…` : name;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function detailsOf(engine: EngineStatus): string {
  const { problem, progress, server, kind, url, slots, context, note } = engine;
  const size = slots === undefined ? '' : `${slots} ${slots === 1 ? 'slot' : 'slots'}`;
  const room = context === undefined ? '' : `${context.toLocaleString('en')} tokens each`;
  return [
    problem ? `${problem.message} ${problem.advice}` : '',
    progress?.text ?? '',
    onFirstRun(engine) ? `${firstRun.name}: ${firstRun.abilities}` : '',
    kind === 'url' ? (url ?? '') : (server ?? ''),
    [size, room].filter((part) => part !== '').join(', '),
    note ?? '',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function percent({ progress }: EngineStatus): string {
  if (progress?.done === undefined || !progress.total) return '';
  return ` ${Math.floor((100 * progress.done) / progress.total)} %`;
}
