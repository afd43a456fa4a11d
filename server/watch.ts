import { randomUUID } from 'node:crypto';
import type { LoggedEvent, ProblemInfo } from '../src/common/events.ts';
import { type Interjection, muted } from '../src/common/interjections.ts';
import type { Finding, Policy, PolicyView } from './policies/policy.ts';

/** A policy that says more than this in one turn is not listened to until the next, but for a pause or a stop. */
const MOST = 3;

/** What came of judging an event. */
export interface Judgement {
  interjections: Interjection[];
  /** What is wrong with a policy, by name; the chat goes on without it. */
  problems: ProblemInfo[];
}

/** Shows the events of one chat to the policies: each finding once a turn, and no policy too often. */
export class Watch {
  private readonly policies: readonly Policy[];
  private readonly off: (name: string) => boolean;
  private readonly broken = new Set<string>();
  private readonly flooding = new Set<string>();

  /** @param off whether the person does not want it to step in */
  constructor(policies: readonly Policy[], off: (name: string) => boolean = () => false) {
    this.policies = policies;
    this.off = off;
  }

  judge(event: LoggedEvent, view: PolicyView): Judgement {
    if (event.type === 'user') this.flooding.clear();
    const quiet = muted(view.events);
    const judgement: Judgement = { interjections: [], problems: [] };
    for (const policy of this.policies) {
      if (!policy.on.includes(event.type) || this.off(policy.name)) continue;
      if (quiet.has(policy.name) || this.broken.has(policy.name)) continue;
      for (const finding of this.findings(policy, event, view, judgement)) {
        this.takeOne(policy, finding, view, judgement);
      }
    }
    return judgement;
  }

  /** What a policy in another process found in an event of before. */
  take(policy: Pick<Policy, 'name' | 'rule'>, findings: readonly Finding[], view: PolicyView): Judgement {
    const judgement: Judgement = { interjections: [], problems: [] };
    if (this.off(policy.name) || muted(view.events).has(policy.name)) return judgement;
    for (const finding of findings) this.takeOne(policy, finding, view, judgement);
    return judgement;
  }

  private findings(policy: Policy, event: LoggedEvent, view: PolicyView, { problems }: Judgement): readonly Finding[] {
    try {
      return [policy.judge(event, view) ?? []].flat();
    } catch (error) {
      this.broken.add(policy.name);
      const why = error instanceof Error ? error.message : String(error);
      problems.push({
        code: 'policy_failed',
        message: `The policy ${policy.name} failed (${why}); this chat goes on without it.`,
        advice: 'The others still watch. A new chat tries it again.',
      });
      return [];
    }
  }

  private takeOne(
    policy: Pick<Policy, 'name' | 'rule'>,
    finding: Finding,
    { turn }: PolicyView,
    { interjections, problems }: Judgement,
  ): void {
    const id = `${policy.name} ${finding.key ?? ''}`;
    const said = [...turn, ...interjections].filter(
      (event): event is Interjection => event.type === 'interjection' && event.policy === policy.name,
    );
    if (said.some((event) => `${event.policy} ${event.key ?? ''}` === id)) return;
    const limited = ({ grade }: Pick<Finding, 'grade'>): boolean => grade === 'note' || grade === 'acknowledge';
    if (limited(finding) && said.filter(limited).length >= MOST) {
      if (this.flooding.has(policy.name)) return;
      this.flooding.add(policy.name);
      problems.push({
        code: 'policy_floods',
        message: `The policy ${policy.name} stepped in more than ${MOST} times in this turn; the rest is left out.`,
        advice: 'With the next message it is listened to again.',
      });
      return;
    }
    const { grade, evidence, say, key } = finding;
    interjections.push({
      type: 'interjection',
      interjection: randomUUID(),
      policy: policy.name,
      grade,
      rule: policy.rule,
      evidence,
      say,
      ...(key === undefined ? {} : { key }),
    });
  }
}
