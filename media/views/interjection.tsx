import { useEffect, useId, useState } from 'preact/hooks';
import type { InterjectionItem } from '../fold.ts';
import { post } from '../host.ts';
import { memo } from '../memo.ts';
import { standingWords } from '../words.ts';
import { Button, Icon, LinkButton } from './parts.tsx';

/** A policy stepped in: what it saw, why it watches for that, and what the person can do about it. */
export const InterjectionCard = memo(
  'InterjectionCard',
  ({ item, failures }: { item: InterjectionItem; failures: number }) => {
    const title = useId();
    const [why, setWhy] = useState(false);
    const [sent, setSent] = useState(false);
    // The answer did not arrive: it can be given again.
    useEffect(() => setSent(false), [failures, item]);
    const answer = (answer: 'withdraw' | 'continue' | 'mute'): void => {
      setSent(true);
      post({ type: 'interjection', interjection: item.id, answer });
    };
    const withdrawn = item.answer === 'withdraw';
    return (
      <section
        class={`card interjection${withdrawn ? ' withdrawn' : ''}${item.pausing ? ' pausing' : ''}`}
        aria-labelledby={title}
      >
        <header class="card-head">
          <Icon name="warning" />
          <span class="card-title" id={title}>
            Supervisor stepped in
          </span>
          <span class="card-note">{standingWords(item)}</span>
        </header>
        <div class="interjection-body">
          <p class="interjection-evidence">{item.evidence}</p>
          {item.pausing && (
            <div class="buttons">
              <Button primary onClick={() => answer('continue')}>
                Continue
              </Button>
              <Button onClick={() => post({ type: 'stop' })}>Stop the turn</Button>
            </div>
          )}
          <div class="buttons links">
            <LinkButton expanded={why} onClick={() => setWhy(!why)}>
              Why
            </LinkButton>
            {!withdrawn && !sent && <LinkButton onClick={() => answer('withdraw')}>Withdraw</LinkButton>}
            {item.muted ? (
              <span class="quiet">Muted in this chat</span>
            ) : (
              !sent && <LinkButton onClick={() => answer('mute')}>Mute this rule</LinkButton>
            )}
          </div>
          {why && (
            <div class="why">
              {item.rule} ({item.policy})
            </div>
          )}
        </div>
      </section>
    );
  },
);
