import type { LoggedEvent } from './events.ts';
import { turnOpen } from './repair.ts';

/** What policies put before an agent and how far that has come; all of it follows from the events of the chat. */

export type Interjection = LoggedEvent & { type: 'interjection' };
type Told = LoggedEvent & { type: 'interjected' };

/** Where an agent can be told something: before its first model call of a turn, after its calls, after its answer. */
export type Boundary = 'start' | 'step' | 'end';

/** What an agent is told at a boundary, as the event that says so; where it stands is added by the agent. */
export type Telling = Omit<Told, 'type' | 'call'>;

/** All of a chat, with what became of each. */
class Standing {
  readonly made: Interjection[] = [];
  /** Index of the event by which the agent was told. */
  readonly told = new Map<string, number>();
  /** Told in the middle of the work, or before it began. */
  readonly beforeWork = new Set<string>();
  readonly withdrawn = new Set<string>();
  readonly toldOfWithdrawal = new Set<string>();
  readonly goneOn = new Set<string>();
  readonly continued = new Set<string>();

  constructor(events: readonly LoggedEvent[]) {
    let spoken = false;
    for (const [index, event] of events.entries()) {
      if (event.type === 'user' || event.type === 'assistant') spoken = event.type === 'assistant';
      if (event.type === 'interjected' && event.what === 'made' && (event.call !== undefined || !spoken))
        this.beforeWork.add(event.interjection);
      if (event.type === 'interjection') this.made.push(event);
      if (event.type === 'interjected') this.tell(event, index);
      if (event.type === 'interjection.answer') this.answer(event);
    }
  }

  private tell({ interjection, what }: Told, index: number): void {
    if (what === 'withdrawn') this.toldOfWithdrawal.add(interjection);
    if (what === 'go-on') this.goneOn.add(interjection);
    if (what === 'made') this.told.set(interjection, index);
  }

  private answer({ interjection, answer }: LoggedEvent & { type: 'interjection.answer' }): void {
    if (answer === 'withdraw') this.withdrawn.add(interjection);
    if (answer === 'continue') this.continued.add(interjection);
  }
}

/** Those that must be acknowledged and are not: no call with an effect other than a look runs meanwhile. */
export function unacknowledged(events: readonly LoggedEvent[]): Interjection[] {
  const standing = new Standing(events);
  return standing.made.filter(
    ({ interjection, grade }) =>
      grade === 'acknowledge' && !standing.withdrawn.has(interjection) && !acknowledged(events, standing, interjection),
  );
}

/** An answer in words, without a call, after the agent was told. */
function acknowledged(events: readonly LoggedEvent[], { told }: Standing, interjection: string): boolean {
  const index = told.get(interjection);
  return index !== undefined && events.slice(index + 1).some(isAnswer);
}

/** Words without a call, which acknowledge what the agent was told. */
export function isAnswer(event: LoggedEvent): boolean {
  return event.type === 'assistant' && event.calls.length === 0 && event.text.trim() !== '' && event.finish === 'stop';
}

/** The pause that the running turn stands in, if any. One that nobody can lift ends the turn instead. */
export function pause(events: readonly LoggedEvent[]): Interjection | undefined {
  if (!turnOpen(events)) return undefined;
  const begin = events.findLastIndex((event) => event.type === 'user');
  const user = events[begin];
  if (user?.type === 'user' && user.asks === 'deny') return undefined;
  const { made, withdrawn, continued } = new Standing(events.slice(begin));
  return made.find(
    ({ interjection, grade }) => grade === 'pause' && !withdrawn.has(interjection) && !continued.has(interjection),
  );
}

/** Policies that the person wants to hear no more of in this chat. */
export function muted(events: readonly LoggedEvent[]): Set<string> {
  const policies = new Map(
    events.flatMap((event) => (event.type === 'interjection' ? [[event.interjection, event.policy]] : [])),
  );
  const ids = events.flatMap((event) =>
    event.type === 'interjection.answer' && event.answer === 'mute' ? [event.interjection] : [],
  );
  return new Set(ids.flatMap((id) => policies.get(id) ?? []));
}

/**
 * What the agent is to be told now. After an answer that would end the turn only what must be acknowledged keeps it from
 * ending; the rest waits for the next message, and with it what a stop said, since a stopped turn has no boundary left.
 */
export function tellings(events: readonly LoggedEvent[], boundary: Boundary): Telling[] {
  const standing = new Standing(events);
  const { made, told, withdrawn } = standing;
  const open = made.filter(({ interjection }) => !withdrawn.has(interjection));
  const news = open.filter(({ interjection }) => !told.has(interjection));
  if (boundary === 'end' && !news.some(({ grade }) => grade === 'acknowledge')) return goOn(events, standing);
  const takenBack = made.filter(
    ({ interjection }) =>
      withdrawn.has(interjection) && told.has(interjection) && !standing.toldOfWithdrawal.has(interjection),
  );
  return [
    ...takenBack.map(({ interjection, say }) => ({
      interjection,
      what: 'withdrawn' as const,
      text: `The person took back what the supervisor said; it does not hold: ${say}`,
    })),
    ...news.map(({ interjection, grade, say }) => ({ interjection, what: 'made' as const, text: words(grade, say) })),
  ];
}

function words(grade: Interjection['grade'], say: string): string {
  if (grade === 'stop') return `The supervisor of this chat stopped the turn: ${say}`;
  const supervisor = `The supervisor of this chat says: ${say}`;
  return grade === 'acknowledge'
    ? `${supervisor} Answer this in words now, without a tool call; until then nothing but looking is done.`
    : supervisor;
}

/** An answer that acknowledges before the work or in the middle of it does not end the turn. */
function goOn(events: readonly LoggedEvent[], standing: Standing): Telling[] {
  // Behind it may stand what policies and the person had to say to it.
  const end = events.findLastIndex(({ type }) => type === 'assistant');
  const last = events[end];
  if (last === undefined || !isAnswer(last)) return [];
  const due = standing.made.filter(({ interjection, grade }) => {
    const at = standing.told.get(interjection);
    if (grade !== 'acknowledge' || at === undefined || standing.withdrawn.has(interjection)) return false;
    return (
      standing.beforeWork.has(interjection) &&
      !standing.goneOn.has(interjection) &&
      !events.slice(at + 1, end).some(isAnswer)
    );
  });
  // One answer acknowledges all of them.
  return due.slice(0, 1).map(({ interjection }) => ({
    interjection,
    what: 'go-on',
    text: 'Good. Go on with the task now; if it is done, say so in a few words.',
  }));
}
