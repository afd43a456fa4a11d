/**
 * The model that is always at hand: a small one that Drover can fetch, and an adapter of ours that taught it Drover's
 * tools. What it is called, wherever a person meets it.
 */
export const firstRun = {
  /** Its id in the list of models and in settings. */
  id: 'first-run',
  name: 'First-run model (SmolLM2 135M)',
  /** Within a sentence, and where there is little room. */
  short: 'first-run model',
  abilities: 'Reads, searches, makes small edits and runs commands. It does not judge or design.',
  /** What is to be fetched, in words. */
  size: '98 MB',
} as const;
