import type { AnsweredBy, Approver, ClientName, Verdict } from './events.ts';

/** Rules of the gate that allow because the person has set it so for all chats: `drover.edits`, and what is always allowed. */
const settings = new Set(['write.edits', 'grant.always']);

/** Who let a call pass, or refused it, that nobody was asked about. */
export function approverOf({ decision, rule }: Verdict): Approver {
  if (decision === 'allow' && rule === 'grant') return { by: 'grant' };
  return { by: decision === 'allow' && settings.has(rule) ? 'setting' : 'rule' };
}

const answered: { readonly [by in AnsweredBy]: Approver['by'] } = {
  client: 'person',
  nobody: 'nobody',
  auto: 'setting',
  cancel: 'cancel',
  policy: 'policy',
  team: 'team',
};

/** Who answered an ask. */
export function approverIn(answer: {
  ask?: string | undefined;
  by: AnsweredBy;
  client?: ClientName | undefined;
}): Approver {
  const { ask, by, client } = answer;
  return {
    by: answered[by],
    ...(ask === undefined ? {} : { ask }),
    ...(client === undefined ? {} : { client }),
  };
}
