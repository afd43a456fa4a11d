import { type CommandPath, type Form, type Given, readForm, type Takes } from '../form.ts';
import type { Program, Reading } from '../program.ts';

type Read = NonNullable<Program['read']>;

/**
 * The name of an archive: no address of another machine, which `tar` takes `host:file` for, and no pattern, which `unzip` takes
 * a quoted one for.
 */
const archiveName = /^[^-@:*?[\]\\][^:*?[\]\\]*$/;
/** One file in an archive, by an ending: what has none may be a folder, and all that is in it would be shown. */
const memberName = /^[^-@*?[\]\\][^*?[\]\\]*\.\w+$/;

/** What is printed of an archive is judged by the names in it, as if the files lay here. */
function members(names: readonly string[]): CommandPath[] {
  return names.map((path) => ({ effect: 'read', path, glob: false }));
}

const archiveOptions: Form = {
  flags: 'ctxruAdzjJZavkpPhmSwOW',
  values: {
    f: 'text',
    C: 'text',
    T: 'read',
    X: 'read',
    file: 'text',
    directory: 'text',
    'files-from': 'read',
    'exclude-from': 'read',
    exclude: 'text',
    'strip-components': 'number',
    transform: 'text',
  },
};

/** Also what it is fed. */
const tarName = (text: string): boolean => text === '-' || archiveName.test(text);

const tarLooks: Form = {
  flags: 'txzjJvaO',
  long: [
    'list',
    'extract',
    'get',
    'to-stdout',
    'gzip',
    'gunzip',
    'bzip2',
    'xz',
    'zstd',
    'verbose',
    'auto-compress',
    'full-time',
    'numeric-owner',
    'utc',
  ],
  values: { f: tarName, file: tarName, exclude: 'text', 'strip-components': 'number' },
  operands: 'text',
};

/** The letters may stand first without a dash: `tar xzf a.tgz`. There `f` has its value in the next word wherever it stands. */
function withDash(words: readonly Given[]): readonly Given[] {
  const [first, ...others] = words;
  if (first === undefined || !/^[a-zA-Z]+$/.test(first.text)) return words;
  const letters = first.text.replaceAll('f', '');
  return [{ ...first, text: `-${letters}${letters === first.text ? '' : 'f'}` }, ...others];
}

/** It lists what is in an archive, or prints files of it by their names. */
function readTarLooks(given: readonly Given[]): Reading | undefined {
  const { options, values, operands, paths, fits } = readForm(given, tarLooks);
  const archives = values.filter(({ option }) => option === 'f' || option === 'file').map(({ value }) => value);
  const has = (...names: string[]): boolean => names.some((name) => options.has(name));
  if (!fits || archives.length !== 1) return undefined;
  const read = archives.filter((each) => each !== '-').map((path) => ({ effect: 'read', path, glob: false }) as const);
  const extracts = has('x', 'extract', 'get');
  if (has('t', 'list'))
    return extracts || has('O', 'to-stdout') ? undefined : { paths: [...paths, ...read], does: 'looks' };
  if (!extracts || !has('O', 'to-stdout') || operands.length === 0) return undefined;
  if (!operands.every((name) => memberName.test(name))) return undefined;
  return { paths: [...paths, ...read, ...members(operands)], does: 'looks' };
}

const readTar: Read = (words) => {
  const given = withDash(words);
  const looks = readTarLooks(given);
  if (looks !== undefined) return looks;
  const { options } = readForm(given, archiveOptions);
  const has = (...names: string[]): boolean => names.some((name) => options.has(name));
  const extracts = has('x', 'extract', 'get');
  const creates = has('c', 'r', 'u', 'create', 'append', 'update');
  const file = creates ? 'write' : 'read';
  const folder = extracts ? 'write' : 'read';
  // Behind `-C` the operands are not those of this folder.
  const operands: Takes = creates && !has('C', 'directory') ? 'read' : 'text';
  const values = { ...archiveOptions.values, f: file, file, C: folder, directory: folder } as const;
  return { paths: readForm(given, { ...archiveOptions, values, operands }).paths, does: 'asks' };
};

const unzipAsks: Form = {
  flags: 'lqontvjpzcZ12TC',
  values: { d: 'write', x: 'text', P: 'text' },
  operands: { first: ['read'], rest: 'text' },
};

/** With one of these it writes no file, whichever others stand beside it. */
const unzipLists = ['l', 'v', 't', 'z', 'Z'];

const readUnzip: Read = (words) => {
  const looks = readForm(words, { flags: 'lvtzZ12qpcC', operands: { first: [archiveName], rest: 'text' } });
  const [archive, ...names] = looks.operands;
  const lists = unzipLists.some((letter) => looks.options.has(letter));
  const prints = looks.options.has('p') || looks.options.has('c');
  const known = lists ? !prints : prints && names.length > 0 && names.every((name) => memberName.test(name));
  if (looks.fits && archive !== undefined && known) {
    return { paths: [...looks.paths, ...members([archive, ...(lists ? [] : names)])], does: 'looks' };
  }
  return { paths: readForm(words, unzipAsks).paths, does: 'asks' };
};

/** The options of `jar`: no `@file` with further ones, and none for the machine that it runs on. */
const readJar: Read = ([letters, archive, ...names]) => {
  const known =
    /^-?(?:tv?f|tfv|vtf)$/.test(letters?.text ?? '') &&
    archive?.glob === false &&
    archiveName.test(archive.text) &&
    names.every(({ text, glob }) => !glob && /^[^-@]/.test(text));
  return known ? { paths: members([archive.text]), does: 'looks' } : { paths: [], does: 'asks' };
};

const packing: Form = {
  flags: 'cdfhkKlLnNqrtv123456789',
  long: [
    'stdout',
    'to-stdout',
    'decompress',
    'uncompress',
    'force',
    'keep',
    'recursive',
    'test',
    'list',
    'verbose',
    'quiet',
    'best',
    'fast',
  ],
  values: { S: 'text', suffix: 'text' },
  operands: 'write',
};

const packingLooks: Form = {
  flags: 'cdfklqtv',
  long: ['stdout', 'to-stdout', 'decompress', 'uncompress', 'force', 'keep', 'test', 'list', 'verbose', 'quiet'],
  operands: 'read',
};

/** To standard output, or a list or a test alone: of two purposes the last would count, and could write files. */
const readPacking: Read = (words) => {
  const { paths, options, fits } = readForm(words, packingLooks);
  const purposes = [...options].filter((option) => !/^(?:k|q|v|keep|quiet|verbose)$/.test(option));
  const prints = options.has('c') || options.has('stdout') || options.has('to-stdout');
  const alone = purposes.length === 1 && /^(?:l|list|t|test)$/.test(purposes[0] ?? '');
  if (fits && (prints || alone)) return { paths, does: 'looks' };
  return { paths: readForm(words, packing).paths, does: 'asks' };
};

/** What is packed: listing it and printing it only looks, all else writes files. */
export const archives: readonly Program[] = [
  {
    names: ['tar', 'bsdtar', 'gtar'],
    read: readTar,
    match: [
      'tar tf a.tar | head',
      'tar -tzf dist/a.tgz',
      'tar tvf a.tar.gz',
      'tar --list --file=a.tar',
      'zcat a.tgz | tar tf -',
      'tar -xOf a.tgz package/package.json',
      'tar xzOf a.tgz package/a.js',
    ],
    noMatch: [
      'tar xzf a.tgz',
      'tar -czf a.tgz src',
      'tar xf a -C /etc',
      'tar cf - /etc',
      'tar xf a --to-command=x',
      'tar tf a --checkpoint=1 --checkpoint-action=exec=id',
      'tar tf a --checkpoint-action=exec=id --checkpoint=1',
      'tar -I ./x -tf a',
      'tar --use-compress-program=./x -tf a',
      'tar tf host:a',
      'tar -tf host:a --rsh-command=./x',
      'tar -tf a -F ./x',
      'tar tf /etc/a.tar',
      'tar t',
      'tar tf *',
      'tar -txf a',
      'tar xOf a',
      'tar xOf a .env',
      'tar xOf a config/prod.env',
      'tar xOf a config',
      "tar xOf a '*.js'",
      'tar xf a b.js',
      'tar tf a -T .env',
    ],
  },
  {
    names: ['unzip'],
    read: readUnzip,
    match: [
      'unzip -l a.zip',
      'unzip -p a.zip manifest.json',
      'unzip -Z1 a.zip | head',
      'unzip -v a.zip',
      'unzip -tq a.zip',
    ],
    noMatch: [
      'unzip a.zip',
      'unzip a.zip -d /etc',
      'unzip -o a.zip',
      'unzip -q a.zip',
      'unzip -p a.zip',
      'unzip -p a.zip .env',
      "unzip -p a.zip '*.json'",
      "unzip -p '*.zip' a.json",
      'unzip -l /etc/a.zip',
      'unzip -pl a.zip a.json',
      'unzip -l a.zip -d x',
    ],
  },
  {
    names: ['zipinfo'],
    forms: { flags: '12smlvhtTzMC', operands: { first: ['read'], rest: 'text', least: 1 } },
    match: ['zipinfo a.zip', 'zipinfo -1 a.zip | head'],
    noMatch: ['zipinfo', 'zipinfo -x a.zip', 'zipinfo /etc/a.zip', 'zipinfo a.zip > b'],
  },
  {
    names: ['jar'],
    read: readJar,
    match: ['jar tf a.jar | head', 'jar -tf a.jar', 'jar tvf a.jar com/acme'],
    noMatch: [
      'jar xf a.jar',
      'jar cf a.jar .',
      'jar @a',
      'jar tf @a',
      'jar tf a.jar -J-javaagent:x',
      'jar uf a.jar x',
      'jar tf ../a.jar',
    ],
  },
  {
    names: ['gzip', 'gunzip', 'bzip2', 'bunzip2', 'xz', 'unxz', 'zstd', 'unzstd'],
    read: readPacking,
    match: [
      'gunzip -c a.log.gz | tail -50',
      'gzip -dc a.gz | head',
      'gzip -l a.gz',
      'xz -dc a.xz',
      'zstd -dc a.zst',
      'gzip -t a.gz',
    ],
    noMatch: [
      'gzip a',
      'gunzip a.gz',
      'xz -d /etc/a.xz',
      'xz -dc /etc/a.xz',
      'xz -l -d a.xz',
      'gzip -t -d a.gz',
      'gzip -c .env',
      'zstd -dc a.zst -o b',
      'zstd -d --rm -c a.zst',
      'xz -dc --files=a',
      'gzip -rc .',
      'gunzip -cr src',
    ],
  },
  {
    names: ['zcat', 'gzcat', 'bzcat', 'xzcat', 'lzcat', 'zstdcat'],
    forms: { flags: 'fqv', operands: 'read' },
    match: ['zcat a.gz | head', 'zcat a.gz b.gz', 'bzcat a.bz2', 'cat a.gz | zcat'],
    noMatch: ['zcat -x a', 'zcat -S x a', 'zcat .env', 'zcat /etc/a.gz', 'xzcat --files=a', 'zstdcat a -o b'],
  },
  {
    names: ['zip'],
    forms: {
      flags: 'rqvjymTuf9061',
      values: { x: 'text', i: 'text', P: 'text' },
      operands: { first: ['write'], rest: 'read' },
      does: 'asks',
    },
    match: [],
    noMatch: ['zip -r a.zip src', 'zip a.zip /etc/passwd', 'zip a.zip a -T -TT x', 'zip -sf a.zip'],
  },
];
