/**
 * Reads the options of a script. `--help` prints the usage and leaves with 0; options that `read` refuses, with a
 * sentence and 2.
 */
export function orUsage<T>(read: () => T, usage: string): T {
  if (process.argv.includes('--help')) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return read();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Node's own advice, after the first sentence, is about the syntax of values.
    console.error(`${message.split('. ')[0]?.replace(/\.$/, '')}.\n${usage}`);
    process.exit(2);
  }
}
