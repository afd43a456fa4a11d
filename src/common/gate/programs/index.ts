import type { Program } from '../program.ts';
import { archives } from './archives.ts';
import { binaries } from './binaries.ts';
import { data } from './data.ts';
import { docker } from './docker.ts';
import { files } from './files.ts';
import { formats } from './formats.ts';
import { installed } from './installed.ts';
import { machine } from './machine.ts';
import { readers } from './readers.ts';
import { search } from './search.ts';
import { system } from './system.ts';
import { text } from './text.ts';
import { versions } from './versions.ts';
import { viewers } from './viewers.ts';
import { wrappers } from './wrappers.ts';
import { dotnet } from './dotnet.ts';
import { git } from './git.ts';
import { goPrograms } from './go.ts';
import { java } from './java.ts';
import { javascript } from './javascript.ts';
import { makePrograms } from './make.ts';
import { python } from './python.ts';
import { rust } from './rust.ts';
import { taskRunners } from './taskRunners.ts';
import { rubyPrograms } from './ruby.ts';
import { phpPrograms } from './php.ts';
import { linters } from './linters.ts';
import { languages } from './languages.ts';
import { jvm } from './jvm.ts';
import { infrastructure } from './infrastructure.ts';
import { compilers } from './compilers.ts';

/** All that is known, by families. */
export const families: Readonly<Record<string, readonly Program[]>> = {
  'Reading files': readers,
  'Working on text': text,
  'Data and numbers': data,
  Archives: archives,
  'Compiled files': binaries,
  'Showing files and manuals': viewers,
  'Kinds of files': formats,
  Searching: search,
  'The shell and the machine': system,
  'What runs on the machine': machine,
  'What is installed': installed,
  'Running other programs': wrappers,
  'Versions and help': versions,
  git,
  'JavaScript and TypeScript': javascript,
  Python: python,
  Go: goPrograms,
  Rust: rust,
  'Make and CMake': makePrograms,
  'Compilers and Bazel': compilers,
  Java: java,
  'Other languages of the Java platform': jvm,
  '.NET': dotnet,
  Ruby: rubyPrograms,
  PHP: phpPrograms,
  'Other languages': languages,
  'Checking the text of files': linters,
  'Task runners and versions': taskRunners,
  Infrastructure: infrastructure,
  Docker: docker,
  'Changing files': files,
};

const byName = new Map(
  Object.values(families).flatMap((programs) =>
    programs.flatMap((program) => program.names.map((name) => [name, program] as const)),
  ),
);
/** Where a repository keeps programs of its own under the names of known ones: they are its code. */
const local = /^(?:\.\/)?(?:node_modules\/\.bin|\.?venv\/bin|vendor\/bin)\/([\w.-]+)$/;

/** @returns also whether the repository brings the program itself */
export function programNamed(name: string): { program: Program; local: boolean } | undefined {
  const [, own] = local.exec(name) ?? [];
  const program = byName.get(own ?? name);
  return program === undefined ? undefined : { program, local: own !== undefined };
}
