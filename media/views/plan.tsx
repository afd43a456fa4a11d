import { useEffect, useId, useState } from 'preact/hooks';
import type { Item, TextItem } from '../fold.ts';
import { post } from '../host.ts';
import { memo } from '../memo.ts';
import { agentName } from '../words.ts';
import { Markdown } from './message.tsx';
import { Button, Icon } from './parts.tsx';

/** An agent that plans may also ask back: a plan is an answer with numbered steps, be it one. */
export function isPlan(text: string): boolean {
  return /^\s{0,3}\d+[.)]\s/m.test(text);
}

/** What *Start* says. */
const START = 'Carry out this plan.';

/** Keys of the answers behind which the person has pressed *Start*. */
export function startedPlans(items: readonly Item[]): Set<number> {
  const started = new Set<number>();
  let answer: TextItem | undefined;
  for (const item of items) {
    if (item.kind === 'text') answer = item;
    if (item.kind !== 'user') continue;
    if (item.text === START && answer !== undefined) started.add(answer.key);
    answer = undefined;
  }
  return started;
}

interface Props {
  item: TextItem;
  /** Who carries it out. */
  start: string;
  /** `open`: nothing was said since. `answered`: something else than *Start* was. */
  standing: 'open' | 'started' | 'answered';
  failures: number;
}

/** A plan, which a person has carried out or not. */
export const PlanCard = memo('PlanCard', ({ item, start, standing, failures }: Props) => {
  const title = useId();
  const [sent, setSent] = useState(false);
  // The message did not arrive: it can be sent again.
  useEffect(() => setSent(false), [failures]);
  const begin = (): void => {
    setSent(true);
    post({ type: 'send', text: START, agent: start, lane: 'follow-up' });
  };
  const notes = {
    open: 'nothing is changed yet',
    started: `given to ${agentName(start)}`,
    answered: 'answered below',
  };
  return (
    <section class="card plan" aria-labelledby={title}>
      <header class="card-head">
        <Icon name="checklist" />
        <span class="card-title" id={title}>
          Plan
        </span>
        <span class="card-note">{notes[standing]}</span>
      </header>
      <div class="plan-body">
        <Markdown text={item.text} complete />
      </div>
      {standing === 'open' && (
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
