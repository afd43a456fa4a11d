import { useMemo, useState } from 'preact/hooks';
import { diffLines } from '../diff.ts';
import { memo } from '../memo.ts';
import { Exact, LinkButton } from './parts.tsx';

/** Lines of a diff that are shown before the person asks for the rest. */
const SHOWN = 24;

const signs = { added: '+', removed: '−', same: ' ', hunk: '', note: '' };
const spoken = { added: 'added', removed: 'removed', same: undefined, hunk: undefined, note: undefined };

/** A diff in the editor's colours. `whole`: nothing of it may be hidden, because a person decides on it. */
export const Diff = memo('Diff', ({ diff, whole }: { diff: string; whole?: boolean }) => {
  const lines = useMemo(() => {
    const all = diffLines(diff);
    // The place says nothing where there is only one, at the top of the file.
    if (all.at(-1)?.kind === 'same' && all.at(-1)?.text === '') all.pop();
    return all.filter((line, index) => !(index === 0 && line.kind === 'hunk' && /^line [01]$/.test(line.text)));
  }, [diff]);
  const [open, setOpen] = useState(false);
  const hidden = whole === true || open || lines.length <= SHOWN + 4 ? 0 : lines.length - SHOWN;
  return (
    <>
      <div class="diff" tabindex={0} role="group" aria-label="Changed lines">
        <div class="diff-lines">
          {lines.slice(0, lines.length - hidden).map((line, index) => (
            <div
              key={index}
              class={`diff-line ${line.kind}`}
              aria-label={spoken[line.kind] && `${spoken[line.kind]}: ${line.text}`}
            >
              <span class="diff-sign" aria-hidden="true">
                {signs[line.kind]}
              </span>
              <Exact text={line.text} />
            </div>
          ))}
        </div>
      </div>
      {hidden > 0 && (
        <div class="card-more">
          <LinkButton onClick={() => setOpen(true)}>{`Show ${hidden} more lines`}</LinkButton>
        </div>
      )}
    </>
  );
});
