import { type Form, readForm } from '../form.ts';
import type { Program, Reading } from '../program.ts';

const number = 'number';
/** A picture by its name: other formats are programs in themselves. */
const picture = /^[\w.][\w./ -]*\.(?:png|jpe?g|gif|webp|bmp|ico|tiff?|avif|heic)$/i;
/** A file by its name, which is no address and no list of others. */
const media = /^[\w.][\w./ -]*\.(?:mp4|m4[av]|mov|mkv|webm|avi|mp3|wav|flac|ogg|opus|aac|gif|png|jpe?g)$/i;

/** Words that fit are files; they are read as such. */
function onlyNamed(form: Form, name: RegExp): NonNullable<Program['read']> {
  return (words): Reading => {
    const { operands, values } = readForm(words, form);
    const files = [...operands, ...values.filter(({ option }) => option === 'i').map(({ value }) => value)];
    const { paths, fits } = readForm(words, form);
    return { paths, does: fits && files.length > 0 && files.every((each) => name.test(each)) ? 'runs' : 'asks' };
  };
}

/** What counts lines, and tells what files of some kind are made of. */
export const formats: readonly Program[] = [
  {
    names: ['tokei'],
    forms: {
      flags: 'fC',
      long: ['files', 'compact', 'hidden', 'no-ignore', 'languages', 'version', 'help'],
      values: {
        e: 'text',
        exclude: 'text',
        t: 'text',
        type: 'text',
        s: 'text',
        sort: 'text',
        c: number,
        columns: number,
        o: ['json', 'yaml', 'cbor'],
        output: ['json', 'yaml', 'cbor'],
      },
      operands: 'name',
    },
    match: ['tokei', 'tokei src', 'tokei -e node_modules -s lines', 'tokei -o json src | head'],
    noMatch: ['tokei -i a', 'tokei --input a', 'tokei /etc', 'tokei -o out.json'],
  },
  {
    names: ['scc'],
    forms: {
      flags: 'cdwz',
      long: ['by-file', 'wide', 'no-cocomo', 'no-complexity', 'no-duplicates', 'ci', 'version', 'help'],
      values: {
        f: ['tabular', 'wide', 'json', 'csv', 'cloc-yaml', 'html'],
        format: ['tabular', 'wide', 'json', 'csv', 'cloc-yaml', 'html'],
        i: 'text',
        'include-ext': 'text',
        x: 'text',
        'exclude-ext': 'text',
        'exclude-dir': 'text',
        s: 'text',
        sort: 'text',
      },
      operands: 'name',
    },
    match: ['scc', 'scc src', 'scc --by-file -i ts src', 'scc -f json --no-cocomo'],
    noMatch: ['scc -o out', 'scc --output out', 'scc --format-multi tabular:out', 'scc /etc'],
  },
  {
    names: ['cloc'],
    // It unpacks archives that it is given.
    forms: {
      long: [
        'by-file',
        'by-file-by-lang',
        'json',
        'csv',
        'md',
        'yaml',
        'quiet',
        'hide-rate',
        'version',
        'help',
        'skip-uniqueness',
        'fullpath',
        'no-recurse',
      ],
      values: {
        vcs: ['git', 'auto'],
        'exclude-dir': 'text',
        'include-lang': 'text',
        'exclude-lang': 'text',
        'include-ext': 'text',
        'exclude-ext': 'text',
        'match-f': 'text',
        'not-match-f': 'text',
        'match-d': 'text',
        'not-match-d': 'text',
      },
      operands: 'name',
      does: 'runs',
    },
    match: ['cloc src', 'cloc --vcs=git .', 'cloc . --exclude-dir=node_modules,dist --json'],
    noMatch: [
      'cloc --out=a src',
      'cloc --report-file=a src',
      'cloc --config x .',
      "cloc --extract-with='sh -c id' a",
      'cloc --list-file=x',
      "cloc --vcs='sh x' .",
      'cloc /etc',
    ],
  },
  {
    names: ['ctags', 'universal-ctags'],
    // Files of options in the folder may say more; without these words it writes a file.
    forms: {
      flags: 'xR',
      values: {
        f: ['-'],
        o: ['-'],
        'c-kinds': /^[\w+*]+$/,
        'c++-kinds': /^[\w+*]+$/,
        'python-kinds': /^[\w+*]+$/,
        languages: /^[\w+,-]+$/,
        exclude: 'text',
        fields: /^[\w+*-]+$/,
        'output-format': ['json', 'u-ctags', 'xref'],
        sort: ['yes', 'no', 'foldcase'],
      },
      needs: ['x', 'f', 'o'],
      operands: 'read',
      does: 'runs',
    },
    match: ['ctags -x --c-kinds=f cpp/src/main.cpp', 'ctags -f - src/a.c', 'ctags -x -R src'],
    noMatch: [
      'ctags -R .',
      'ctags -f tags src',
      'ctags --options=x -x a',
      'ctags -x -L names',
      'ctags -x /etc/passwd',
      'ctags --langdef=x -x a',
    ],
  },
  {
    names: ['exiftool'],
    // What stands in a picture has made it run programs before; an expression is code, and a tag with a sign behind it is written.
    read: onlyNamed(
      { oneDash: true, long: ['s', 'S', 'j', 'json', 'a', 'G', 'n', 'T', 'u', 'ver'], operands: 'read' },
      picture,
    ),
    match: ['exiftool public/logo.png', 'exiftool -json a.jpg', 'exiftool -s -G a.jpg'],
    noMatch: [
      'exiftool -all= a.png',
      "exiftool -if 'system(1)' a.png",
      'exiftool -@ args',
      'exiftool -config x a.png',
      'exiftool -o b.png a.png',
      "exiftool '-Comment<=.env' a.png",
      'exiftool /etc/a.png',
    ],
  },
  {
    names: ['identify'],
    read: onlyNamed(
      { oneDash: true, long: ['verbose', 'ping', 'quiet'], values: { format: /^[^@]/ }, operands: 'read' },
      picture,
    ),
    match: ['identify public/logo.png', "identify -format '%wx%h' a.jpg", 'identify -verbose a.png | head'],
    noMatch: [
      'identify msl:a.msl',
      'identify @names',
      'identify a.mvg',
      'identify a.svg',
      'identify https://x/a.png',
      'identify -format @a a.png',
      'identify -write b a.png',
      'identify label:@/etc/a.png',
    ],
  },
  {
    names: ['ffprobe'],
    // A list of parts leads to other files.
    read: onlyNamed(
      {
        oneDash: true,
        long: [
          'hide_banner',
          'show_format',
          'show_streams',
          'show_chapters',
          'show_error',
          'pretty',
          'count_frames',
          'version',
        ],
        values: {
          v: 'text',
          loglevel: 'text',
          show_entries: 'text',
          select_streams: 'text',
          of: /^(?:json|csv|default|flat|ini|xml|compact)(?:=[\w=:]*)?$/,
          print_format: /^(?:json|csv|default|flat|ini|xml|compact)(?:=[\w=:]*)?$/,
          i: 'read',
        },
        operands: 'read',
      },
      media,
    ),
    match: [
      'ffprobe -v error -show_format public/video.mp4',
      'ffprobe -hide_banner -i a.mp3',
      'ffprobe -v quiet -of json -show_streams a.mov',
    ],
    noMatch: [
      'ffprobe https://x/a.mp4',
      'ffprobe concat:a.mp4',
      'ffprobe -f lavfi -i movie=/etc/passwd',
      'ffprobe a.m3u8',
      'ffprobe -report a.mp4',
      'ffprobe -o out a.mp4',
      'ffprobe /etc/a.mp4',
    ],
  },
  {
    names: ['pdfinfo'],
    forms: {
      oneDash: true,
      long: ['meta', 'box', 'js', 'dests', 'rawdates', 'isodates', 'v'],
      values: { f: number, l: number },
      operands: { first: ['read'], least: 1 },
    },
    match: ['pdfinfo docs/spec.pdf', 'pdfinfo -f 1 -l 3 a.pdf'],
    noMatch: ['pdfinfo /etc/a.pdf', 'pdfinfo -upw x a.pdf', 'pdfinfo'],
  },
  {
    names: ['pdftotext'],
    // Without `-` it writes a file beside it.
    forms: {
      oneDash: true,
      long: ['layout', 'raw', 'nopgbrk', 'table', 'simple', 'q'],
      values: { f: number, l: number, enc: 'text', x: number, y: number, W: number, H: number },
      operands: { first: ['read', ['-']], least: 2 },
    },
    match: ['pdftotext docs/spec.pdf - | head -50', 'pdftotext -layout -f 1 -l 2 a.pdf - | grep foo'],
    noMatch: ['pdftotext a.pdf', 'pdftotext a.pdf b.txt', 'pdftotext -htmlmeta a.pdf', 'pdftotext /etc/a.pdf -'],
  },
  {
    names: ['dos2unix', 'unix2dos'],
    read: (words) => {
      const [option, ...files] = words;
      const tells = /^(?:-i|--info)(?:=?[dumbtcx0]+)?$/.test(option?.text ?? '') && files.length > 0;
      const { paths, fits } = readForm(tells ? files : words, { operands: 'read' });
      return { paths, does: tells && fits ? 'looks' : 'asks' };
    },
    match: ['dos2unix --info README.md', 'dos2unix -ic src/a.ts'],
    noMatch: ['dos2unix a', 'dos2unix -n a b', 'unix2dos a', 'dos2unix --info a -n b', 'dos2unix -i /etc/passwd'],
  },
];
