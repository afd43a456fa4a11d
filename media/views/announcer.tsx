import { useMemo, useRef } from 'preact/hooks';
import { diffLines } from '../diff.ts';
import { type CallItem, type ChatView, openQuestion } from '../fold.ts';
import { gradeWords, plural, question } from '../words.ts';

/** What a screen reader is told: questions at once, and the answer by whole sentences instead of by every token. */
export function Announcer({ view }: { view: ChatView }) {
  const asked = openQuestion(view);
  const put = useMemo(() => asked && told(asked), [asked]);
  const last = view.items.findLast((item) => item.kind === 'interjection');
  const said = view.running && last !== undefined && last.answer === null ? last : undefined;
  return (
    <>
      <div class="unseen" role="status" aria-live="assertive">
        {put}
        {asked === undefined &&
          said !== undefined &&
          `The supervisor stepped in: ${gradeWords(said.grade)}. ${said.evidence}`}
      </div>
      <Sentences view={view} />
    </>
  );
}

/** Lines and characters of what is asked about that are told: who wants to hear all of it goes to the question. */
const LINES = 3;
const CHARACTERS = 300;

/** What is asked, why, and how to answer it; of a long text only the beginning. */
function told(call: CallItem): string {
  const { kind, text } = call.ask?.preview ?? { kind: 'text', text: '' };
  const lines =
    kind === 'diff'
      ? diffLines(text).flatMap((line) => (line.kind.endsWith('ed') ? [`${line.kind}: ${line.text}`] : []))
      : text.trimEnd().split('\n');
  const all = lines.slice(0, LINES).join('\n');
  const begin = all.slice(0, CHARACTERS);
  const rest = lines.length > LINES || begin !== all ? `… ${plural(lines.length, 'line')} in all` : '';
  const how = 'Control Enter allows it once; buttons have the other answers.';
  return `${question(call)} ${begin}${rest}. ${call.verdict?.reason ?? ''} ${how}`;
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
