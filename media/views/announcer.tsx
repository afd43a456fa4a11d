import { useRef } from 'preact/hooks';
import { type ChatView, openQuestion } from '../fold.ts';
import { gradeWords, question } from '../words.ts';

/** What a screen reader is told: questions at once, and the answer by whole sentences instead of by every token. */
export function Announcer({ view }: { view: ChatView }) {
  const asked = openQuestion(view);
  const last = view.items.findLast((item) => item.kind === 'interjection');
  const said = view.running && last !== undefined && last.answer === null ? last : undefined;
  return (
    <>
      <div class="unseen" role="status" aria-live="assertive">
        {asked !== undefined && `${question(asked)} ${asked.ask?.preview.text ?? ''}. Control Enter allows it once.`}
        {asked === undefined &&
          said !== undefined &&
          `The supervisor stepped in: ${gradeWords(said.grade)}. ${said.evidence}`}
      </div>
      <Sentences view={view} />
    </>
  );
}

function Sentences({ view }: { view: ChatView }) {
  const told = useRef({ key: -1, length: 0 });
  const last = useRef('');
  const item = view.items.findLast((item) => item.kind === 'text');
  // What was there when the page came up was read before.
  if (item !== undefined && view.running) {
    const from = told.current.key === item.key ? told.current.length : 0;
    const end = item.open ? sentenceEnd(item.text) : item.text.length;
    if (end > from) {
      last.current = item.text.slice(from, end).trim();
      told.current = { key: item.key, length: end };
    }
  }
  return (
    <div class="unseen" aria-live="polite" aria-label="Answer">
      {last.current}
    </div>
  );
}

/** Characters up to the end of the last whole sentence or line. */
export function sentenceEnd(text: string): number {
  return /^[\s\S]*(?:[.!?:](?=\s)|\n)/.exec(text)?.[0].length ?? 0;
}
