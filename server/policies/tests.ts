import type { LoggedEvent } from '../../src/common/events.ts';

/** Runs of tests in the events of a turn, by the commands that people use for them. */

const runners =
  /(?:^|[\s;&|(])(?:(?:npm|pnpm|yarn|bun|deno)(?: run)? (?:t|test)\b|(?:npx |pnpm exec |yarn )?(?:vitest|jest|mocha|ava|playwright test)\b|node (?:\S+ )*--test\b|(?:python3? -m )?(?:pytest|unittest)\b|tox\b|go test\b|cargo (?:test|nextest)\b|make (?:test|check)\b|ctest\b|(?:mvn|\.\/mvnw|gradle|\.\/gradlew)\b.*\b(?:test|check|verify)\b|dotnet test\b|rspec\b|phpunit\b)/;

/** Whether a command runs tests, as far as its words tell. */
export function runsTests(command: string): boolean {
  return runners.test(command);
}

/** The calls of these events that ran tests and came to an end, with what they printed. */
export function testRuns(events: readonly LoggedEvent[]): { call: string; text: string }[] {
  const commands = new Set(
    events.flatMap((event) =>
      event.type === 'tool.start' &&
      event.effects.some((effect) => effect.kind === 'execute' && runsTests(effect.command))
        ? [event.call]
        : [],
    ),
  );
  return events.flatMap((event) =>
    event.type === 'tool.end' && commands.has(event.call) && (event.outcome === 'ok' || event.outcome === 'error')
      ? [{ call: event.call, text: event.text }]
      : [],
  );
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
    return found === undefined ? [] : [found.replace(/\s*[([]?[\d.]+ ?m?s[)\]]?\s*$/, '').trim()];
  });
  return [...new Set(names.filter((name) => name !== '' && !/^failing tests:?$/i.test(name)))];
}
