import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The ripgrep that the editor itself searches with. Where it lies has changed over the years. */
export function editorRipgrep(appRoot: string): string | undefined {
  const name = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const platform = `${process.platform}-${process.arch}`;
  const packages = [
    ['ripgrep-universal', 'bin', platform],
    [`ripgrep-${platform}`, 'bin'],
    ['ripgrep', 'bin'],
  ];
  return ['node_modules.asar.unpacked', 'node_modules']
    .flatMap((modules) => packages.map((parts) => join(appRoot, modules, '@vscode', ...parts, name)))
    .find((path) => existsSync(path));
}
