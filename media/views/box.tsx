import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { mentionText } from '../../src/common/mentions.ts';
import { post, save, saved } from '../host.ts';
import { type MentionQuery, mentionAt, withInsert, withMention } from '../mentionBox.ts';
import type { App } from '../state.ts';
import { openQuestion, said } from '../fold.ts';
import { AgentPicker } from './agentPicker.tsx';
import { ContextRing } from './contextRing.tsx';
import { FileList } from './fileList.tsx';
import { Icon, IconButton } from './parts.tsx';

/** Where the person writes. */
export function Box({ app, onSent }: { app: App; onSent: (text: string) => void }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(saved().draft);
  const [caret, setCaret] = useState(text.length);
  const [closed, setClosed] = useState<number | null>(null);
  const [active, setActive] = useState(0);
  const [recalled, setRecalled] = useState(-1);
  const agent = useAgent(app);
  const { running } = app.view;

  const mention = mentionAt(text, caret);
  const listed = mention !== undefined && mention.from !== closed ? mention : undefined;
  const files = useFiles(app, listed);
  const listOpen = listed !== undefined && files.length > 0;
  const picked = Math.min(active, files.length - 1);

  const write = (next: string, caret: number): void => {
    setText(next);
    setCaret(caret);
    setActive(0);
    save({ draft: next });
    requestAnimationFrame(() => area.current?.setSelectionRange(caret, caret));
  };
  useInsert(app.insert, (inserted) => {
    const next = withInsert(text, area.current?.selectionStart ?? text.length, inserted);
    write(next.text, next.caret);
    area.current?.focus();
  });
  useGrowth(area, text);

  const pick = (file: string): void => {
    if (listed === undefined) return;
    const next = withMention(text, caret, listed, file);
    write(next.text, next.caret);
    area.current?.focus();
  };
  const send = (lane: 'steer' | 'follow-up'): void => {
    if (text.trim() === '') return;
    post({ type: 'send', text: text.trim(), agent: agent.name, lane });
    onSent(text.trim());
    setRecalled(-1);
    write('', 0);
  };
  const recall = (step: number): boolean => {
    const messages = said(app.view);
    const index = recalled + step;
    if (text !== '' && text !== messages[recalled]) return false;
    const message = index === -1 ? '' : messages[index];
    if (message === undefined || (index === -1 && recalled === -1)) return false;
    setRecalled(index);
    write(message, message.length);
    return true;
  };
  const startMention = (): void => {
    const at = area.current?.selectionStart ?? text.length;
    const glue = at === 0 || /\s$/.test(text.slice(0, at)) ? '@' : ' @';
    write(text.slice(0, at) + glue + text.slice(at), at + glue.length);
    setClosed(null);
    area.current?.focus();
  };

  const listKey = (event: KeyboardEvent): boolean => {
    const file = files[picked];
    if (!listOpen || file === undefined) return false;
    if (event.key === 'ArrowDown') setActive((picked + 1) % files.length);
    else if (event.key === 'ArrowUp') setActive((picked + files.length - 1) % files.length);
    else if ((event.key === 'Enter' && !event.shiftKey && !event.altKey) || event.key === 'Tab') pick(file);
    else if (event.key === 'Escape') setClosed(listed?.from ?? null);
    else return false;
    return true;
  };
  const boxKey = (event: KeyboardEvent): boolean => {
    if (event.key === 'Enter' && !event.shiftKey && !event.ctrlKey && !event.metaKey) {
      send(running && !event.altKey ? 'steer' : 'follow-up');
      return true;
    }
    if (event.key === 'Escape' && running) {
      post({ type: 'stop' });
      return true;
    }
    if (event.key === 'ArrowUp') return recall(1);
    if (event.key === 'ArrowDown') return recalled >= 0 && recall(-1);
    return false;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // An input method uses these keys for itself.
    if (event.isComposing || event.keyCode === 229) return;
    if (listKey(event) || boxKey(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  const follow = (): void => setCaret(area.current?.selectionStart ?? 0);

  return (
    <div class="box-place">
      {listOpen && <FileList files={files} active={picked} onPick={pick} onHover={setActive} />}
      <div class="box">
        <EditorChip
          app={app}
          text={text}
          onAdd={(name) => {
            const next = withInsert(text, area.current?.selectionStart ?? text.length, name);
            write(next.text, next.caret);
            area.current?.focus();
          }}
        />
        <textarea
          ref={area}
          rows={1}
          value={text}
          placeholder={placeholder(app)}
          aria-label="Message"
          aria-haspopup="listbox"
          aria-controls={listOpen ? 'files' : undefined}
          aria-autocomplete="list"
          aria-activedescendant={listOpen ? `file-${picked}` : undefined}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setCaret(event.currentTarget.selectionStart);
            setActive(0);
            setClosed(null);
            save({ draft: event.currentTarget.value });
          }}
          onKeyDown={onKeyDown}
          onKeyUp={follow}
          onClick={follow}
        />
        <div class="box-bar">
          <IconButton icon="mention" label="Name a file" onClick={startMention} />
          <AgentPicker agents={app.host?.agents ?? []} agent={agent.name} onPick={agent.choose} />
          <ModelButton app={app} />
          <span class="grow" />
          <ContextRing usage={app.view.usage} size={app.host?.engine?.context} />
          <SendButtons
            running={running}
            blank={text.trim() === ''}
            onSend={() => send(running ? 'steer' : 'follow-up')}
          />
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
  const engine = app.host?.engine;
  const name =
    engine?.model?.name ?? (engine?.state === 'absent' || engine?.state === 'no-model' ? 'no model yet' : 'model');
  return (
    <button
      type="button"
      class="quiet-button model"
      title={engine?.note === undefined ? 'Choose a model' : `Choose a model. ${engine.note}`}
      aria-label={`Model: ${name}. Choose another`}
      onClick={() => post({ type: 'command', command: 'chooseModel' })}
    >
      <span>{name}</span>
      <Icon name="chevron-down" />
    </button>
  );
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
  const [chosen, setChosen] = useState<{ chat: string | null; name: string } | null>(() => {
    const name = saved().agent;
    return name === null ? null : { chat: app.chat, name };
  });
  const names = (app.host?.agents ?? []).map((agent) => agent.name);
  const wanted = [
    chosen?.chat === app.chat ? chosen.name : undefined,
    app.view.agent ?? undefined,
    chosen?.name,
    'coding',
  ];
  const name = wanted.find((name) => name !== undefined && (names.length === 0 || names.includes(name)));
  return {
    name: name ?? names[0] ?? 'coding',
    choose: (name) => {
      setChosen({ chat: app.chat, name });
      save({ agent: name });
    },
  };
}

/** Asks the extension for files while a mention is typed. An answer to an older query stands until the new one is there. */
function useFiles(app: App, mention: MentionQuery | undefined): readonly string[] {
  const query = mention?.query;
  useEffect(() => {
    if (query !== undefined) post({ type: 'files', query });
  }, [query]);
  return mention === undefined ? [] : (app.files?.files ?? []);
}

function useInsert(insert: App['insert'], take: (text: string) => void): void {
  const taken = useRef(insert?.count ?? 0);
  useEffect(() => {
    if (insert === null || insert.count === taken.current) return;
    taken.current = insert.count;
    take(insert.text);
  }, [insert]);
}

/** As high as its text; the style sheet ends it at a third of the page. */
function useGrowth(area: { current: HTMLTextAreaElement | null }, text: string): void {
  useLayoutEffect(() => {
    const element = area.current;
    if (element === null) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);
}
