// Answers that need no tool: small talk, what the model is, and a plain no to what is beyond it. One wording each: a
// model that answers the likeliest gains nothing from others, and learning to expect them all takes most of its time.

export const answers: Record<'greeting' | 'thanks' | 'bye' | 'who' | 'abilities' | 'judge' | 'too_big', string> = {
  greeting: 'Hello! What should I look up or change?',
  thanks: 'You are welcome!',
  bye: 'Goodbye!',
  who: "I am Drover's first-run model: a small language model that runs on your own machine.",
  abilities:
    'I can read files, search the project, make small edits and run commands. For real work choose a larger model.',
  judge: 'I am too small to judge that. I can explain the code or run the tests; for a review choose a larger model.',
  too_big: 'That is too big for a small model like me. I can make single small edits; for this choose a larger model.',
};
