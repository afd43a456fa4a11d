import type { Budget } from '../../src/common/protocol.ts';
import { answerWithError } from './answerWithError.ts';
import { budgetOf } from './budget.ts';
import { contextNearFull } from './contextNearFull.ts';
import { outsideRequest } from './outsideRequest.ts';
import type { Policy } from './policy.ts';
import { repeatedCall } from './repeatedCall.ts';
import { sameTestFailing } from './sameTestFailing.ts';
import { secretsRead } from './secretsRead.ts';
import { testsClaimed } from './testsClaimed.ts';
import { twoChats } from './twoChats.ts';

/** All shipped policies. A new one needs its file, a line here and its name in `names`. @param budget what the person chose */
export const policiesWith = (budget: () => Budget): readonly Policy[] => [
  answerWithError,
  repeatedCall,
  sameTestFailing,
  testsClaimed,
  outsideRequest,
  secretsRead,
  budgetOf(budget),
  contextNearFull,
  twoChats,
];

/** As they are where the person chose nothing. */
export const policies: readonly Policy[] = policiesWith(() => ({}));
