import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCommand } from '../../../../src/common/gate/command.ts';
import { deniedKinds } from '../../../../src/common/gate/denials.ts';
import type { Program } from '../../../../src/common/gate/program.ts';
import { families } from '../../../../src/common/gate/programs/index.ts';

const page = join(import.meta.dirname, '../../../../docs/commands.md');

test('the page about commands says what the table says', async () => {
  await expect(commandsPage()).toMatchFileSnapshot(page);
});

function commandsPage(): string {
  const parts = Object.entries(families).map(
    ([family, programs]) => `## ${family}\n\n${programs.map(section).join('\n\n')}\n`,
  );
  return `# Which commands run without a question

This page is made from the table that the gate judges by (\`src/common/gate/programs\`); the tests hold the table to every
line of it. A command line is allowed when each of its parts is: joined by \`|\`, \`&&\`, \`||\`, \`;\` or a line feed, in
groups, conditions and loops over words that are known, with
output to \`/dev/null\` at most, and with paths inside the workspace that hold no secrets. What is not listed is asked about;
\`drover explain 'COMMAND'\` tells what would be said to any line. What is allowed *in a sandbox* runs code of the workspace:
where Drover cannot shut it in (\`drover sandbox\` says why), it is asked about.

${parts.join('\n')}
## Never run

Whoever would say yes: these are denied, and nobody is asked.

${deniedKinds.map(({ name, match, noMatch }) => `### ${name}\n\nDenied: ${listed(match)}\n\nNot denied for that: ${listed(noMatch)}`).join('\n\n')}
`;
}

function section({ names, match, noMatch }: Program): string {
  const title = `### ${names.map((name) => `\`${name}\``).join(', ')}`;
  const looks = match.filter((line) => !readCommand(line).runs);
  const runs = match.filter((line) => readCommand(line).runs);
  return [
    title,
    ...(looks.length === 0 ? [] : [`Allowed: ${listed(looks)}`]),
    ...(runs.length === 0 ? [] : [`Allowed in a sandbox: ${listed(runs)}`]),
    `${match.length === 0 ? 'Always asked about or denied' : 'Asked about or denied'}: ${listed(noMatch)}`,
  ].join('\n\n');
}

function listed(lines: readonly string[]): string {
  return lines.map(code).join(', ');
}

/** A code span that ends where the line does, whatever is in it. */
function code(line: string): string {
  const shown = line.replaceAll('\n', '⏎');
  return shown.includes('`') ? `\`\` ${shown} \`\`` : `\`${shown}\``;
}
