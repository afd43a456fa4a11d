import { type AuditPage, AuditQuery, Decisions, pageOf } from '../../src/common/audit.ts';
import { Problem } from '../../src/common/errors.ts';
import type { LoggedEvent } from '../../src/common/events.ts';

/** By the list of events, which only grows: what is asked for again while a chat works is not folded from its begin. */
const folded = new WeakMap<readonly LoggedEvent[], Decisions>();

/** The decisions of a chat, as far as its events go. */
function decisionsIn({ events, times }: { events: readonly LoggedEvent[]; times: readonly number[] }): Decisions {
  const decisions = folded.get(events) ?? new Decisions();
  folded.set(events, decisions);
  for (const event of events.slice(decisions.count)) decisions.take(event, times[decisions.count] ?? 0);
  return decisions;
}

/**
 * A page of the decisions of a chat.
 *
 * @param query what stands behind the question mark of the address
 * @throws Problem (400) naming the part of it that cannot be
 */
export function auditPage(
  chat: { events: readonly LoggedEvent[]; times: readonly number[] },
  query: { [name: string]: string },
): Omit<AuditPage, 'title'> {
  const wanted = AuditQuery.safeParse(query);
  if (!wanted.success) throw wrong(query, wanted.error.issues[0]);
  const [first] = chat.events;
  const { id = '', parent, from } = first?.type === 'chat' ? first : {};
  return {
    chat: id,
    ...(parent === undefined ? {} : { parent }),
    ...(from === undefined ? {} : { from }),
    ...pageOf(decisionsIn(chat), wanted.data),
  };
}

const allowed: { readonly [name: string]: string } = {
  before: 'the number of a record, from 1 on',
  limit: 'a number from 1 to 1000',
  only: 'all, asked, denied or changes',
  tool: 'the name of a tool',
};

function wrong(
  query: { [name: string]: string },
  issue: { path: PropertyKey[]; code?: string; keys?: string[] } | undefined,
): Problem {
  const name = issue?.keys?.[0] ?? String(issue?.path[0] ?? '');
  const known = allowed[name];
  const message =
    known === undefined
      ? `There is no ${JSON.stringify(name)} in this request.`
      : `${name} is ${known}, not ${JSON.stringify(query[name])}.`;
  return new Problem('wrong_query', message, `It takes: ${Object.keys(allowed).join(', ')}.`, 400, name);
}
