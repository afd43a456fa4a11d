import type { LoggedEvent } from '../../src/common/events.ts';

/** Runs of tests in the events of a turn, by the commands that people use for them. */

const runners =
  /(?:^|[\s;&|(])(?:(?:npm|pnpm|yarn|bun|deno)(?: run)? (?:t|test)\b|(?:npx |pnpm exec |yarn )?(?:vitest|jest|mocha|ava|playwright test)\b|node (?:\S+ )*--test\b|(?:python3? -m )?(?:pytest|unittest)\b|tox\b|go test\b|cargo (?:test|nextest)\b|make (?:test|check)\b|ctest\b|(?:mvn|\.\/mvnw|gradle|\.\/gradlew)\b.*\b(?:test|check|verify)\b|dotnet test\b|rspec\b|phpunit\b)/;

export interface TestRun {
  call: string;
  command: string;
  /** What it printed. */
  text: string;
  /** All passed. */
  ok: boolean;
}

/** Whether a command runs tests, as far as its words tell. */
export function runsTests(command: string): boolean {
  return runners.test(command);
}

/** The calls of these events that ran tests and came to an end, with what they printed. */
export function testRuns(events: readonly LoggedEvent[]): TestRun[] {
  const commands = new Map(
    events.flatMap((event) => {
      const effects = event.type === 'tool.start' ? event.effects : [];
      const ran = effects.find((effect) => effect.kind === 'execute' && runsTests(effect.command));
      return event.type === 'tool.start' && ran?.kind === 'execute' ? [[event.call, ran.command] as const] : [];
    }),
  );
  return events.flatMap((event) => {
    const command = event.type === 'tool.end' ? commands.get(event.call) : undefined;
    if (event.type !== 'tool.end' || command === undefined) return [];
    const { call, text, outcome } = event;
    return outcome === 'ok' || outcome === 'error' ? [{ call, command, text, ok: outcome === 'ok' }] : [];
  });
}

/** How the usual runners name a test that failed, in a line of its own. */
const marks = [
  /^\s*(?:✖|✗|✘|×|❌) (.+)$/,
  /^\s*not ok \d+ (?:- )?(.+)$/,
  /^\s*--- FAIL: (\S+)/,
  /^FAILED (\S+)/,
  /^(?:FAIL|ERROR): (.+)$/,
  /^\s*FAIL\s+(.+)$/,
  /^test (\S+) \.\.\. FAILED$/,
  /^\s*\d+\) (.+)$/,
  /^\s*● (.+)$/,
];

/** Names of the tests that failed, without the times that some runners print behind them. */
export function failing(text: string): string[] {
  const names = text.split('\n').flatMap((line) => {
    const found = marks.map((mark) => mark.exec(line)?.[1]).find((name) => name !== undefined);
    return found === undefined ? [] : [timeless(found).trim()];
  });
  return [...new Set(names.filter((name) => name !== '' && !/^failing tests:?$/i.test(name)))];
}

/** Whether a test that is not among the failing of a run is named by it, as one that passed. */
export function names(text: string, test: string): boolean {
  return text.includes(test) && text.split('\n').some((line) => timeless(line).trim().endsWith(test));
}

function timeless(line: string): string {
  return line.replace(/\s*[([]?[\d.]+ ?m?s[)\]]?\s*$/, '');
}
