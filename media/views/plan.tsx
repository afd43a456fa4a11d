import { useEffect, useId, useState } from 'preact/hooks';
import type { TextItem } from '../fold.ts';
import { post } from '../host.ts';
import { memo } from '../memo.ts';
import { agentName } from '../words.ts';
import { Markdown } from './message.tsx';
import { Button, Icon } from './parts.tsx';

/** An agent that plans may also ask back: a plan is an answer with numbered steps, be it one. */
export function isPlan(text: string): boolean {
  return /^\s{0,3}\d+[.)]\s/m.test(text);
}

interface Props {
  item: TextItem;
  /** Who carries it out. */
  start: string;
  /** Nothing was said since. */
  open: boolean;
  failures: number;
}

/** A plan, which a person has carried out or not. */
export const PlanCard = memo('PlanCard', ({ item, start, open, failures }: Props) => {
  const title = useId();
  const [sent, setSent] = useState(false);
  // The message did not arrive: it can be sent again.
  useEffect(() => setSent(false), [failures]);
  const begin = (): void => {
    setSent(true);
    post({ type: 'send', text: 'Carry out this plan.', agent: start, lane: 'follow-up' });
  };
  return (
    <section class="card plan" aria-labelledby={title}>
      <header class="card-head">
        <Icon name="checklist" />
        <span class="card-title" id={title}>
          Plan
        </span>
        <span class="card-note">nothing is changed yet</span>
      </header>
      <div class="plan-body">
        <Markdown text={item.text} complete />
      </div>
      {open && (
        <div class="buttons">
          {sent ? (
            <span class="quiet">{`Given to ${agentName(start)}`}</span>
          ) : (
            <Button primary onClick={begin} title={`${agentName(start)} carries out the plan`}>
              Start
            </Button>
          )}
          <span class="quiet">or say what should be otherwise</span>
        </div>
      )}
    </section>
  );
});
