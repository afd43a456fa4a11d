import { describe, expect, it } from 'vitest';
import type { LoggedEvent } from '../../../src/common/events.ts';
import type { Policy, PolicyView } from '../../../server/policies/policy.ts';
import { Watch } from '../../../server/watch.ts';
import { answer, user, view } from './policies.ts';

const policy = (judge: Policy['judge']): Policy => ({ name: 'mine', rule: 'Mine.', on: ['assistant'], judge });
const finding = { grade: 'note', evidence: 'Seen.', say: 'Mind it.' } as const;

/** Judges these answers one after another, as a chat does. */
function judged(policies: Policy[], events: LoggedEvent[]) {
  const watch = new Watch(policies);
  const log: LoggedEvent[] = [];
  const problems: string[] = [];
  for (const event of events) {
    log.push(event);
    const judgement = watch.judge(event, view(log));
    log.push(...judgement.interjections);
    problems.push(...judgement.problems.map(({ code, message }) => `${code}: ${message}`));
  }
  return { said: log.filter((event) => event.type === 'interjection').map(({ evidence }) => evidence), problems };
}

describe('the watch', () => {
  it('says the same once a turn, and again in the next', () => {
    const events = [user('Go.'), answer('a'), answer('b'), user('Again.'), answer('c')];
    expect(judged([policy(() => finding)], events).said).toEqual(['Seen.', 'Seen.']);
  });

  it('tells findings apart by their key, and lets no policy flood a chat', () => {
    const flooding = policy((event) => {
      const key = event.type === 'assistant' ? event.text : '';
      return [
        { ...finding, evidence: `${key} once`, key: `${key} 1` },
        { ...finding, evidence: `${key} twice`, key: `${key} 2` },
      ];
    });
    const { said, problems } = judged([flooding], [user('Go.'), answer('a'), answer('b'), answer('c')]);
    expect(said).toEqual(['a once', 'a twice', 'b once']);
    expect(problems).toEqual([
      'policy_floods: The policy mine stepped in more than 3 times in this turn; the rest is left out.',
    ]);
  });

  it('never leaves out a pause or a stop', () => {
    const talks = policy((event) => {
      const text = event.type === 'assistant' ? event.text : '';
      return { ...finding, grade: text === 'd' ? 'stop' : 'note', evidence: text, key: text };
    });
    const { said } = judged([talks], [user('Go.'), answer('a'), answer('b'), answer('c'), answer('c2'), answer('d')]);
    expect(said).toEqual(['a', 'b', 'c', 'd']);
  });

  it('goes on without a policy that throws, and names it once', () => {
    const throwing = policy(() => {
      throw new TypeError('undefined is not a function');
    });
    const other = { ...policy(() => finding), name: 'other' };
    const { said, problems } = judged([throwing, other], [user('Go.'), answer('a'), answer('b')]);
    expect(said).toEqual(['Seen.']);
    expect(problems).toEqual([
      'policy_failed: The policy mine failed (undefined is not a function); this chat goes on without it.',
    ]);
  });

  it('does not listen to a policy that the person muted', () => {
    const watch = new Watch([policy(() => finding)]);
    const events: LoggedEvent[] = [user('Go.'), answer('a')];
    const [made] = watch.judge(events[1] as LoggedEvent, view(events)).interjections;
    if (!made) throw new Error('nothing was said');
    const mute: LoggedEvent = { type: 'interjection.answer', interjection: made.interjection, answer: 'mute' };
    events.push(made, mute, user('Again.'), answer('b'));
    expect(watch.judge(answer('b'), view(events)).interjections).toEqual([]);
  });

  it('is shown only what it asked for', () => {
    const seen: string[] = [];
    const listening = policy((event: LoggedEvent, chat: PolicyView) => {
      seen.push(`${event.type} ${chat.turn.length}`);
      return undefined;
    });
    judged([listening], [user('Go.'), answer('a')]);
    expect(seen).toEqual(['assistant 2']);
  });
});
