import { useState } from 'preact/hooks';
import type { EngineStatus } from '../../src/common/engine.ts';
import { firstRun, onFirstRun } from '../../src/common/firstRun.ts';
import { mentionText } from '../../src/common/mentions.ts';
import type { FirstRunNote } from '../firstRunNote.ts';
import { openQuestion, said } from '../fold.ts';
import { post, save, saved } from '../host.ts';
import type { App } from '../state.ts';
import { AgentPicker } from './agentPicker.tsx';
import { ContextRing } from './contextRing.tsx';
import { useDraft, useMentions, useRecall } from './draft.ts';
import { FileList } from './fileList.tsx';
import { Icon, IconButton } from './parts.tsx';

/** Where the person writes. */
export function Box(props: { app: App; onSent: (text: string) => void; firstRunNote: FirstRunNote | undefined }) {
  const { app, onSent, firstRunNote } = props;
  const draft = useDraft(app.insert, said(app.view));
  const mentions = useMentions(draft, app.files);
  const recall = useRecall(draft, said(app.view));
  const agent = useAgent(app);
  const { running } = app.view;
  const text = draft.text.trim();

  const send = (lane: 'steer' | 'follow-up'): void => {
    if (text === '') return;
    post({ type: 'send', text, agent: agent.name, lane });
    onSent(text);
    draft.write('', 0);
  };
  const ownKey = (event: KeyboardEvent): boolean => {
    if (event.key === 'Enter' && !event.shiftKey && !event.ctrlKey && !event.metaKey) {
      send(running && !event.altKey ? 'steer' : 'follow-up');
      return true;
    }
    if (event.key !== 'Escape' || !running) return false;
    post({ type: 'stop' });
    return true;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // An input method uses these keys for itself.
    if (event.isComposing || event.keyCode === 229) return;
    if (!mentions.onKey(event) && !ownKey(event) && !recall(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="box-place">
      {mentions.open && (
        <FileList files={mentions.files} active={mentions.active} onPick={mentions.pick} onHover={mentions.hover} />
      )}
      <div class="box">
        <EditorChip app={app} text={draft.text} onAdd={draft.insert} />
        <textarea
          ref={draft.area}
          rows={1}
          value={draft.text}
          placeholder={placeholder(app)}
          aria-label="Message"
          aria-haspopup="listbox"
          aria-controls={mentions.open ? 'files' : undefined}
          aria-autocomplete="list"
          aria-activedescendant={mentions.open ? `file-${mentions.active}` : undefined}
          onInput={draft.typed}
          onKeyDown={onKeyDown}
          onKeyUp={draft.moved}
          onClick={draft.moved}
        />
        <div class="box-bar">
          <IconButton icon="mention" label="Name a file" onClick={() => draft.insert('@')} />
          <AgentPicker
            agents={app.host?.agents ?? []}
            problems={app.host?.agentProblems ?? []}
            agent={agent.name}
            onPick={agent.choose}
          />
          <ModelButton app={app} />
          {firstRunNote?.open === false && (
            <IconButton icon="info" label={`What the ${firstRun.short} can do`} onClick={firstRunNote.toggle} />
          )}
          <span class="grow" />
          <ContextRing usage={app.view.usage} size={app.host?.engine?.context} />
          <SendButtons running={running} blank={text === ''} onSend={() => send(running ? 'steer' : 'follow-up')} />
        </div>
      </div>
    </div>
  );
}

function SendButtons({ running, blank, onSend }: { running: boolean; blank: boolean; onSend: () => void }) {
  return (
    <>
      {(!running || !blank) && (
        <IconButton
          icon="send"
          label={running ? 'Send now: it is read after this step' : 'Send'}
          class="send"
          disabled={blank}
          onClick={onSend}
        />
      )}
      {running && <IconButton icon="stop-circle" label="Stop" onClick={() => post({ type: 'stop' })} />}
    </>
  );
}

function placeholder(app: App): string {
  if (openQuestion(app.view) !== undefined) return 'Add something while it waits…';
  if (app.view.running) return 'Enter steers, Alt+Enter queues';
  return app.view.items.length === 0 ? 'Ask about this workspace' : 'Ask for something more';
}

function ModelButton({ app }: { app: App }) {
  const engine = app.host?.engine ?? null;
  const name = modelName(engine);
  const whole = onFirstRun(engine) ? `${firstRun.name}. ${firstRun.abilities}` : name;
  const about = [whole, engine?.note ?? '', 'Choose another model'];
  return (
    <button
      type="button"
      class="quiet-button model"
      title={about.flatMap((text) => (text === '' ? [] : [text.replace(/\.$/, '')])).join('. ')}
      aria-label={`Model: ${name}. Choose another`}
      onClick={() => post({ type: 'command', command: 'chooseModel' })}
    >
      <span>{name}</span>
      <Icon name="chevron-down" />
    </button>
  );
}

function modelName(engine: EngineStatus | null): string {
  if (onFirstRun(engine)) return firstRun.short;
  if (engine?.model !== undefined) return engine.model.name;
  if (engine?.state === 'absent' || engine?.state === 'no-model') return 'no model yet';
  return engine?.kind === 'url' && engine.url !== undefined && URL.canParse(engine.url)
    ? new URL(engine.url).host
    : 'model';
}

/** Offers what is open in the editor, until the text names it. */
function EditorChip({ app, text, onAdd }: { app: App; text: string; onAdd: (name: string) => void }) {
  const editor = app.host?.editor ?? null;
  if (editor === null || app.host?.folder === null) return null;
  const { path, start, end } = editor;
  const mention = start === undefined ? { path } : { path, start, ...(end === undefined ? {} : { end }) };
  const name = mentionText(mention);
  if (text.includes(name)) return null;
  return (
    <button
      type="button"
      class="chip offer-chip"
      title={`Add ${name.slice(1)} to the message`}
      onClick={() => onAdd(name)}
    >
      <Icon name="add" />
      <span>Add {name.replace(/^@/, '')}</span>
    </button>
  );
}

/** The agent of the next message: what was picked, else the chat's, else the one for code. */
function useAgent(app: App): { name: string; choose: (name: string) => void } {
  const [chosen, setChosen] = useState<{ chat: string | null; instead: string | null; name: string } | null>(() => {
    const name = saved().agent;
    return name === null ? null : { chat: app.chat, instead: app.view.agent, name };
  });
  const names = (app.host?.agents ?? []).map((agent) => agent.name);
  const wanted = [
    // Not after another agent has taken over since.
    chosen?.chat === app.chat && chosen.instead === app.view.agent ? chosen.name : undefined,
    app.view.agent ?? undefined,
    chosen?.name,
    'coding',
  ];
  const name = wanted.find((name) => name !== undefined && (names.length === 0 || names.includes(name)));
  return {
    name: name ?? names[0] ?? 'coding',
    choose: (name) => {
      setChosen({ chat: app.chat, instead: app.view.agent, name });
      save({ agent: name });
    },
  };
}
