import type { Expectation, Fact, Need, Outcome } from './request.ts';

/** Building blocks of expectations, so that a request's own lines are about what is particular to it. */

const reading = ['file_read', 'grep', 'bash'];
const searching = ['grep', 'bash'];

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}

/** Its content was looked at, by whatever tool. */
export function reads(...paths: string[]): Need[] {
  return paths.map((path) => ({ tools: reading, fits: new RegExp(escaped(path), 'i') }));
}

/** It was searched for, with whatever pattern finds one of these files, where it stands, or one of them was read. */
export function finds(pattern: RegExp, ...paths: string[]): Need[] {
  const search = { tools: searching, fits: pattern };
  if (paths.length === 0) return [search];
  return [{ ...search, shows: new RegExp(paths.map(escaped).join('|')) }, ...reads(...paths)];
}

/** A folder was looked at: as a listing, with glob, or in the shell; `.` is the workspace itself. */
export function lists(folder: string): Need[] {
  const name = folder === '.' ? String.raw`"(?:\.?/?|\./)"|\*|\bls\b|\bfind\b` : escaped(folder);
  return [{ tools: ['file_read', 'glob', 'bash'], fits: new RegExp(name) }];
}

/** Files were looked for by name. */
export function globs(pattern: RegExp, folder?: string): Need[] {
  return [{ tools: ['glob', 'bash'], fits: pattern }, ...(folder === undefined ? [] : lists(folder))];
}

/** A command was run. */
export function runs(command: RegExp): Need[] {
  return [{ tools: ['bash'], fits: command }];
}

/** A file was changed with a tool that is made for it. */
export function changes(path: string): Need[] {
  return [{ tools: ['file_edit', 'file_write'], fits: new RegExp(escaped(path)) }];
}

/** It was changed as wanted, and the answer names the file or says that it is done. */
export function changed(path: string, ...files: Outcome[]): Expectation {
  return { needs: [changes(path)], files, facts: [[path, basename(path), ...done]] };
}

const done: Fact[] = [
  /\b(?:changed|replaced|set|updated|renamed|added|removed|created|wrote|edited|done|now|is gone)\b/i,
];

function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** It says plainly that this is beyond it, and what else there is; it gives no verdict. */
export const tooSmall: Expectation = {
  needs: 'free',
  facts: [
    [
      /(?:too|very|only|just|rather) (?:a |the )?small|\bI(?: am|'m) small\b|for a small model/i,
      /can(?:not|'t|’t)|(?:not |un)able to|beyond (?:me|what)|more than I|too (?:big|hard|large|much)\b/i,
      /(?:rather|should|would|will|do|can)(?: not|n't|n’t| only) (?:guess|judge|try|design|build|do)|not for me|make a mess/i,
      /(?:needs?|takes?|for) a (?:larger|bigger) model|all I can do\b|I have to say no|for an? (?:\w+ )+please choose/i,
    ],
    [
      /(?:larger|bigger|stronger|more capable) (?:model|one)|choose (?:a|another) model/i,
      /I (?:can |could |only )?(?:read|explain|search|find|show|list|look|run|make small)/i,
    ],
  ],
  never: [
    /\b(?:no|not any|without any) (?:obvious )?(?:bugs?|problems?|issues?|errors?|vulnerabilit)/i,
    /\bthere (?:is|are) (?:a|an|one|some|two|several|many) (?:\w+ )?(?:bugs?|problems?|issues?|errors?|mistakes?)/i,
    /(?<!\b(?:whether|if) (?:\w+ )?)\b(?:code|file|design|it) (?:looks|seems|is) (?:\w+ )?(?:good|fine|correct|clean|secure|safe|well)/i,
    /\b(?:I have|I've|done:?) (?:rewritten|ported|refactored|built|added|implemented)/i,
  ],
};

/** It says that the call was not made, and why, and leaves it at that. */
export const notDone: Fact[] = [
  [
    /(?:not|n't|n’t) (?:been )?(?:run|ran|done|change|changed|made|start|started|execute|executed|allowed|edit|edited|create|created|set)/i,
    /\b(?:denied|rejected|declined|refused|said no)\b/i,
  ],
];

/** It says that something does not exist. */
export const notThere: Fact[] = [
  [
    /(?:does not|doesn't|doesn’t|do not|don't|don’t) (?:seem to )?exist/i,
    /there(?:'s|’s| is| are| was| were) (?:no|not|none)\b/i,
    /(?:not|n't|n’t) (?:be |seem to )?(?:found|there|find|in this|in the|used|any|occur|contain|stand|match)/i,
    /\b(?:no (?:match|file|such|use|result|place|one|line)|nothing|nowhere|none|nobody|missing)\b/i,
  ],
];

/** All expected words of a friendly turn that needs no tool. */
export function friendly(...facts: Fact[]): Expectation {
  return { needs: 'none', facts, never: [/<tool_call|"arguments"/], world: true };
}

/** Ways to answer a greeting, and thanks. */
export const hellos =
  /\b(?:hi|hello|hey|welcome|good (?:morning|day|evening|to see))\b|help|(?:can|shall|may|could) (?:I|we) do/i;
export const pleasures =
  /welcome|glad|pleasure|happy|any ?time|no problem|bye|see you|good (?:luck|to hear)|nice|of course|kind|enjoy|need me|more to do/i;
