/**
 * What the shipped policies are called, in their order. Apart from them, because a process that only has to keep a name free needs
 * nothing of what they need.
 */
export const shippedNames: readonly string[] = [
  'answer-with-error',
  'repeated-call',
  'same-test-failing',
  'tests-claimed',
  'outside-request',
  'secrets-read',
  'budget',
  'context-near-full',
  'two-chats',
];
