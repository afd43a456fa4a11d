const short = 'first-run model';
const abilities = 'Reads, searches, makes small edits and runs commands. It does not judge or design.';

/**
 * The model that is always at hand: a small one that Drover can fetch, and an adapter of ours that taught it Drover's
 * tools. What it is called, wherever a person meets it.
 */
export const firstRun = {
  /** Its id in the list of models and in settings. */
  id: 'first-run',
  name: 'First-run model (SmolLM2 135M)',
  /** Within a sentence, and where there is little room. */
  short,
  abilities,
  /** The same as a sentence that names it. */
  sentence: `The ${short} ${abilities.charAt(0).toLowerCase()}${abilities.slice(1)}`,
  /** The way to another one. */
  other: 'Choose a model for real work',
  /** What is to be fetched, in words. */
  size: '98 MB',
} as const;

/** Whether Drover itself runs the first-run model; a server of the person's may have one of that name. */
export function onFirstRun(
  engine: { kind: 'managed' | 'url'; model?: { id: string } | undefined } | null | undefined,
): boolean {
  return engine?.kind === 'managed' && engine.model?.id === firstRun.id;
}
