import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readRegularText } from './regular.ts';

/** The names under which Docker Compose looks for a project, and for what goes over it. */
const files = ['compose', 'docker-compose'].flatMap((name) =>
  ['yaml', 'yml'].flatMap((ending) => [`${name}.${ending}`, `${name}.override.${ending}`]),
);
/** Longer files nobody wrote by hand, in characters. */
const longest = 200_000;

/**
 * Why Docker Compose, run in this folder, could do more than ask its daemon, as a sentence; undefined: it could not. A project may take
 * in others by their address, which are fetched, and what is wrong with a value that stands in `.env` is printed with that.
 *
 * @param folder absolute and real
 */
export function composeProblem(folder: string): string | undefined {
  try {
    const found = files.filter((name) => existsSync(join(folder, name)));
    if (found.length === 0) return 'There is no Compose file in this folder, so that one further up would be read.';
    const texts = found.map((name) => readRegularText(join(folder, name)));
    // A name may be written in codes or over two lines, between double quotes, or the text in another encoding.
    const more = texts.some(
      (text) => text.length > longest || /\b(?:include|extends)\b|[\\\0\ufeff\ufffd]|!\w/.test(text),
    );
    if (more) return `${found.join(', ')} may take in other projects, which may be fetched.`;
    const settings = join(folder, '.env');
    if (!existsSync(settings)) return undefined;
    if (/^\s*(?:export\s+)?(?:COMPOSE|DOCKER|BUILDX|BUILDKIT|OTEL)_/m.test(readRegularText(settings)))
      return '.env says which project and which Docker is meant.';
    return texts.some((text) => text.includes('$'))
      ? 'It puts values out of .env into the project, and would show one that does not fit there.'
      : undefined;
  } catch {
    return 'The Compose files of this folder cannot be read.';
  }
}
