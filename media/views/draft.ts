import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { post, save, saved } from '../host.ts';
import { mentionAt, withInsert, withMention } from '../mentionBox.ts';
import type { App } from '../state.ts';

/** The text being written and the place in it. */
export interface Draft {
  area: RefObject<HTMLTextAreaElement | null>;
  text: string;
  caret: number;
  /** What the person typed: the caret is where the editor of the text put it. */
  typed: () => void;
  /** The caret was moved. */
  moved: () => void;
  /** Another text, with the caret where it belongs. */
  write: (text: string, caret: number) => void;
  /** Puts a text in at the caret and takes the focus. */
  insert: (text: string) => void;
}

/**
 * The draft outlives the page: the editor throws that away whenever the view is hidden.
 *
 * @param said the person's messages of this chat, the newest first
 */
export function useDraft(insert: App['insert'], said: readonly string[]): Draft {
  const area = useRef<HTMLTextAreaElement>(null);
  const wanted = useRef<number | null>(null);
  const [text, setText] = useState(saved().draft);
  const [caret, setCaret] = useState(text.length);
  const change = (text: string, caret: number): void => {
    setText(text);
    setCaret(caret);
    save({ draft: text });
  };
  const draft: Draft = {
    area,
    text,
    caret,
    typed: () => change(area.current?.value ?? '', area.current?.selectionStart ?? 0),
    moved: () => setCaret(area.current?.selectionStart ?? 0),
    write: (text, caret) => {
      change(text, caret);
      wanted.current = caret;
    },
    insert: (inserted) => {
      const next = withInsert(text, area.current?.selectionStart ?? text.length, inserted);
      draft.write(next.text, next.caret);
      area.current?.focus();
    },
  };
  // Before the next key is typed there.
  useLayoutEffect(() => {
    if (wanted.current !== null) area.current?.setSelectionRange(wanted.current, wanted.current);
    wanted.current = null;
  });
  useGrowth(area, text);
  useInserts(insert, draft.insert);
  useSent(draft, said);
  return draft;
}

/** The editor keeps drafts a moment late: one that was sent just before a reload comes back, and goes again. */
function useSent(draft: Draft, said: readonly string[]): void {
  const restored = useRef(draft.text);
  useEffect(() => {
    const { text } = draft;
    if (text === '' || text !== restored.current) restored.current = '';
    else if (said[0] === text.trim()) draft.write('', 0);
  }, [draft, said]);
}

/** As high as its text; the style sheet ends it at a third of the page. */
function useGrowth(area: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const element = area.current;
    if (element === null) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [area, text]);
}

/** How many inserts this page has taken: the box may be made after one has come, and anew after it was taken. */
let taken = 0;

/** What the extension puts into the box, each once. */
function useInserts(insert: App['insert'], take: (text: string) => void): void {
  useEffect(() => {
    if (insert === null || insert.count <= taken) return;
    taken = insert.count;
    take(insert.text);
  }, [insert, take]);
}

export interface MentionList {
  open: boolean;
  files: readonly string[];
  active: number;
  pick: (file: string) => void;
  hover: (index: number) => void;
  /** True when the key was the list's. */
  onKey: (event: KeyboardEvent) => boolean;
}

/** The list of files while an @ is typed. An answer to an older query stands until the new one is there. */
export function useMentions(draft: Draft, found: App['files']): MentionList {
  /** The @ whose list was closed. */
  const [closed, setClosed] = useState<number | null>(null);
  const [active, setActive] = useState(0);
  const { text, caret } = draft;
  const mention = mentionAt(text, caret);
  const query = mention?.query;
  useEffect(() => {
    if (query !== undefined) post({ type: 'files', query });
  }, [query]);
  useLayoutEffect(() => {
    setActive(0);
    setClosed(null);
  }, [text]);

  const files = mention === undefined || mention.from === closed ? [] : (found?.files ?? []);
  const picked = Math.min(active, files.length - 1);
  const pick = (file: string): void => {
    if (mention === undefined) return;
    const next = withMention(text, caret, mention, file);
    draft.write(next.text, next.caret);
    draft.area.current?.focus();
  };
  const onKey = (event: KeyboardEvent): boolean => {
    const file = files[picked];
    if (file === undefined) return false;
    if (event.key === 'ArrowDown') setActive((picked + 1) % files.length);
    else if (event.key === 'ArrowUp') setActive((picked + files.length - 1) % files.length);
    else if ((event.key === 'Enter' && !event.shiftKey && !event.altKey) || event.key === 'Tab') pick(file);
    else if (event.key === 'Escape') setClosed(mention?.from ?? null);
    else return false;
    return true;
  };
  return { open: files.length > 0, files, active: picked, pick, hover: setActive, onKey };
}

/** Arrow up in an empty box goes back through what was said, arrow down forth. True when the key was taken. */
export function useRecall(draft: Draft, messages: readonly string[]): (event: KeyboardEvent) => boolean {
  const [index, setIndex] = useState(-1);
  return (event) => {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    // A text that was changed is the person's own again.
    const from = draft.text === messages[index] ? index : -1;
    if (step === undefined || (draft.text !== '' && from === -1)) return false;
    const next = from + step;
    const message = next === -1 ? '' : messages[next];
    if (message === undefined) return false;
    setIndex(next);
    draft.write(message, message.length);
    return true;
  };
}
