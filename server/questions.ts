import type { z } from 'zod';
import { Problem } from '../src/common/errors.ts';
import type { AnsweredBy, AnswerKind, ClientName, LoggedEvent } from '../src/common/events.ts';
import type { Grant } from '../src/common/gate/judge.ts';
import type { ToAgent } from '../src/common/ipc.ts';
import type { Answer } from '../src/common/protocol.ts';
import { openAsks } from '../src/common/repair.ts';

type Ask = LoggedEvent & { type: 'ask' };

/** What questions need of the chat in which they are asked. */
export interface QuestionsDeps {
  events(): readonly LoggedEvent[];
  /** Logs an answer, keeps it safe, and tells whoever waits for it. */
  settled(answer: ToAgent & { type: 'answer' }): void;
  /** The person is waited for. */
  wait(): void;
  /** The turn is being stopped. */
  ending(): boolean;
  /** Why a policy would not let it run after a yes. */
  objection(): string | undefined;
  /** See `ChatDeps.deniedBefore`. */
  deniedBefore(ask: Ask): string | undefined;
  /** See `ChatDeps.allowAlways`. */
  allowAlways(form: Grant): void;
  autoApprove: boolean;
}

/** What an answer carries besides the yes or no. */
interface Said {
  reason?: string;
  key?: string;
  client?: ClientName;
}

/** The questions of one chat: whether a person has to answer one, and whether what they answer is an answer to it. */
export class Questions {
  private readonly deps: QuestionsDeps;

  constructor(deps: QuestionsDeps) {
    this.deps = deps;
  }

  /** Whether the open ones need a person still. */
  again(): void {
    for (const ask of this.open) this.ask(ask);
  }

  /** A question is answered at once where no person is needed for it, or none would come; otherwise it waits. */
  ask(event: Ask): void {
    if (this.deps.ending()) return this.settle(event.ask, 'reject', 'cancel');
    // Nobody is asked about what would not run after a yes.
    const objection = this.deps.objection();
    if (objection !== undefined) return this.settle(event.ask, 'reject', 'policy', { reason: objection });
    const where = this.deps.deniedBefore(event);
    if (where !== undefined) {
      const reason = `the person has said no to this in the chat “${where}”.`;
      return this.settle(event.ask, 'reject', 'team', { reason });
    }
    if (this.deps.autoApprove) return this.settle(event.ask, 'once', 'auto');
    const user = this.deps.events().findLast((past) => past.type === 'user');
    if (user?.type === 'user' && user.asks === 'client') return this.deps.wait();
    const reason = 'This needs a yes from a person, and nobody is there who could give it.';
    this.settle(event.ask, 'reject', 'nobody', { reason });
  }

  /**
   * @param client where the person sits, as far as that is known
   * @throws Problem when it is no open ask of this chat (another client was first, or the turn is over), when something else
   * was shown than was asked, and when what should always be allowed is none of what the question offers
   */
  answer({ ask, answer, reason, hash, key }: z.output<typeof Answer>, client?: ClientName): void {
    const open = this.open.find((each) => each.ask === ask);
    if (open === undefined) throw answered;
    // Older clients name none; what is allowed for good always does.
    if (hash !== open.hash && (hash !== undefined || answer === 'always')) throw otherShown;
    if (answer === 'chat' && open.grantKey === undefined) throw notOffered('for the whole chat');
    const form = answer === 'always' ? formOf(open, key) : undefined;
    if (form !== undefined) this.deps.allowAlways(form);
    this.settle(ask, answer, 'client', {
      ...(reason === undefined ? {} : { reason }),
      ...(form === undefined ? {} : { key: form.key }),
      ...(client === undefined ? {} : { client }),
    });
  }

  private get open(): Ask[] {
    return openAsks(this.deps.events());
  }

  private settle(ask: string, answer: AnswerKind, by: AnsweredBy, said: Said = {}): void {
    this.deps.settled({ type: 'answer', ask, answer, by, ...said });
  }
}

const answered = new Problem(
  'answered',
  'This question is no longer open: it was answered elsewhere, or the turn is over.',
  'Nothing needs to be done.',
  409,
);

const otherShown = new Problem(
  'other_question',
  'This answer is to something else than what is asked now: its hash is not that of the question.',
  'Look at the question as it is now, and answer that.',
  409,
  'hash',
);

function notOffered(what: string): Problem {
  return new Problem('not_offered', `This cannot be allowed ${what}.`, 'Allow it once, or reject it.', 400, 'answer');
}

/** The form that a yes for good is about. */
function formOf({ always = [], notAlways = '' }: Ask, key: string | undefined): Grant {
  if (always.length === 0) throw notOffered(`for good${notAlways === '' ? '' : `: ${notAlways.replace(/\.$/, '')}`}`);
  const form = key === undefined && always.length === 1 ? always[0] : always.find((each) => each.key === key);
  if (form !== undefined) return form;
  const advice = `Name the key of one of these: ${always.map(({ words }) => words).join('; ')}.`;
  const message = key === undefined ? 'The question offers several things.' : 'The question offers no such thing.';
  throw new Problem('not_offered', message, advice, 400, 'key');
}
