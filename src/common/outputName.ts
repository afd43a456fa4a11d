/**
 * The name by which file_read finds what a command wrote. It is no path: a file of the workspace that is called so is
 * reached as `./output:call00001`.
 */
export function outputName(call: string): string {
  return `output:${call}`;
}

/** The call whose output is named; undefined: it is an ordinary path. */
export function callOfOutput(path: string): string | undefined {
  return /^output:(call\d{5,15})$/.exec(path)?.[1];
}
