import { type Form, type Given, readForm } from '../form.ts';
import type { Program, Reading } from '../program.ts';
import { sqlite } from './sqlite.ts';

/**
 * Of `yq`, whichever of the two programs of that name: what reads the environment or other files, or runs what stands in the file. As a
 * field, behind a dot, each of these names is harmless.
 */
const yqReaches =
  /load|(?<!(?<!\.)\.)\b(?:(?:str)?env\w*|system|eval\w*|import|include|modulemeta|input_filename|filename)\b|\$ENV|\$__/i;
const yqExpression = (text: string): boolean => !yqReaches.test(text);

const yq: Form = {
  flags: 'rcCMPNenjsSyY',
  long: [
    'raw-output',
    'unwrapScalar',
    'prettyPrint',
    'no-colors',
    'colors',
    'no-doc',
    'exit-status',
    'null-input',
    'tojson',
    'yaml-output',
    'compact-output',
    'sort-keys',
    'version',
    'help',
  ],
  values: {
    o: /^=?[a-z]+$/,
    p: /^=?[a-z]+$/,
    I: 'number',
    'output-format': /^[a-z]+$/,
    'input-format': /^[a-z]+$/,
    indent: 'number',
    unwrapScalar: ['true', 'false'],
  },
  operands: { first: [yqExpression], rest: 'read' },
};

/** A file that is called like the expression would be read in its place. */
function readYq(words: readonly Given[]): Reading {
  const [first] = words;
  const evaluates = /^(?:e|eval|ea|eval-all)$/.test(first?.text ?? '');
  const given = evaluates ? words.slice(1) : words;
  // Two programs have this name; to one of them `-s` has a value, by which it splits the file into others, and so has `-i`.
  if (given.some(({ text }) => /^-[A-Za-z]*[si]/.test(text))) return { paths: [], does: 'asks' };
  const { paths, operands, fits } = readForm(given, yq);
  const [expression = '.'] = operands;
  if (/^[/~]|(?:^|\/)\.\.\//.test(expression)) return { paths, does: 'asks' };
  const alone = operands.length === 1 && /\.(?:ya?ml|json|toml|xml)$/.test(expression);
  const effect = alone ? 'read' : 'nothing';
  const file = /^\.{0,2}$/.test(expression) ? [] : [{ effect, path: expression, glob: false } as const];
  return { paths: [...paths, ...file], does: fits ? 'looks' : 'asks' };
}

/** Of a file only the certificate in it is shown, and no key that may stand beside it. */
const certificate: Form = {
  oneDash: true,
  long: [
    'noout',
    'text',
    'subject',
    'issuer',
    'dates',
    'startdate',
    'enddate',
    'serial',
    'fingerprint',
    'purpose',
    'email',
    'ocsp_uri',
    'hash',
    'pubkey',
    'sha1',
    'sha256',
    'modulus',
    'alias',
  ],
  values: {
    in: 'name',
    inform: ['PEM', 'DER', 'pem', 'der'],
    checkend: 'number',
    ext: 'text',
    nameopt: 'text',
    certopt: 'text',
    checkhost: 'text',
  },
};

/** What turns one kind of text or number into another, and what asks data of a kind. */
export const data: readonly Program[] = [
  {
    names: ['yq'],
    read: readYq,
    match: [
      "yq '.services' docker-compose.yml",
      "yq e '.jobs.*.steps' .github/workflows/ci.yml",
      "yq -r '.spec.template' deploy/k8s.yaml",
      'yq -o json . a.yaml',
      "yq -o=json '.services' a.yaml",
      "yq '.spec.containers[].env' a.yaml",
      'cat a.yml | yq .name',
      'yq docker-compose.yml',
      'yq eval-all \'select(.kind == "Pod")\' a.yaml b.yaml',
    ],
    noMatch: [
      "yq -i '.a = 1' a.yaml",
      "yq eval --inplace '.a = 1' a.yaml",
      "yq '.a' -i a.yaml",
      'yq \'load("/etc/passwd")\' a.yaml',
      'yq \'load_str(".env")\' a.yaml',
      "yq -n 'env(HOME)'",
      "yq -n 'strenv(HOME)'",
      "yq '.a |= envsubst' a.yaml",
      "yq 'eval(.a)' a.yaml",
      'yq \'system("id")\' a.yaml',
      "yq -n '$ENV.HOME'",
      "yq '..env(HOME)' a.yaml",
      'yq . .env',
      'yq /etc/passwd',
      'yq -s .a a.yaml',
      "yq --split-exp '.a' a.yaml",
      'yq --from-file a b.yaml',
      'yq . /etc/x.yaml',
    ],
  },
  {
    names: ['xmllint'],
    // It reads no other file as long as nothing says that definitions and entities are to be loaded.
    forms: {
      oneDash: true,
      long: [
        'noout',
        'format',
        'nonet',
        'html',
        'recover',
        'huge',
        'noblanks',
        'nowarning',
        'nocdata',
        'nsclean',
        'version',
        'debug',
      ],
      values: { xpath: 'text', pretty: ['0', '1', '2'], encode: 'text', pattern: 'text' },
      operands: 'read',
    },
    match: [
      'xmllint --noout pom.xml',
      "xmllint --xpath '//version' pom.xml",
      'xmllint --format pom.xml | head -40',
      'cat a.xml | xmllint --format -',
    ],
    noMatch: [
      'xmllint --noent a.xml',
      'xmllint --c14n a.xml',
      'xmllint --loaddtd a.xml',
      'xmllint --xinclude a.xml',
      'xmllint --valid a.xml',
      'xmllint --output b a.xml',
      'xmllint -o b a.xml',
      'xmllint --shell a.xml',
      'xmllint --schema a b',
      'xmllint /etc/a.xml',
    ],
  },
  {
    names: ['json_pp'],
    // It reads its input alone; what it can be told to write is Perl.
    forms: { values: { f: ['json'], t: ['json', 'null'] }, flags: 'v' },
    match: ['cat a.json | json_pp', 'json_pp < a.json'],
    noMatch: ['json_pp -f eval', 'json_pp a', 'json_pp -t dumper', 'json_pp < .env'],
  },
  {
    names: ['base64', 'base32', 'basenc'],
    forms: {
      flags: 'dDi',
      long: ['decode', 'ignore-garbage', 'base64', 'base64url', 'base32', 'base32hex', 'base16'],
      values: { w: 'number', b: 'number', wrap: 'number' },
      operands: 'read',
    },
    match: [
      'echo "aGVsbG8=" | base64 -d',
      'base64 public/logo.png | head -c 100',
      'base64 -w0 a',
      'printf x | base64',
      'base64 -i a',
    ],
    noMatch: [
      'base64 -d a | sh',
      'echo aWQ= | base64 -d | bash',
      'base64 -i a -o b',
      'base64 .env',
      'base64 < .env',
      'base64 -d a > b',
      'base64 ~/.ssh/id_rsa',
      'base64 /etc/passwd',
      'echo L2V0Yy9wYXNzd2Q= | base64 -d | xargs cat',
      'cat $(echo L2V0Yy9wYXNzd2Q= | base64 -d)',
      '$(echo cm0gYQ== | base64 -d)',
    ],
  },
  {
    names: ['iconv'],
    forms: {
      flags: 'csl',
      long: ['list', 'silent'],
      values: {
        f: /^[\w.:+-]+$/,
        t: /^[\w.:+-]+(?:\/\/[A-Z]+)*$/,
        'from-code': /^[\w.:+-]+$/,
        'to-code': /^[\w.:+-]+(?:\/\/[A-Z]+)*$/,
      },
      operands: 'read',
    },
    match: [
      'iconv -f utf-8 -t utf-8 README.md > /dev/null && echo ok',
      'iconv -f latin1 -t ascii//TRANSLIT a',
      'iconv -l | head',
    ],
    noMatch: [
      'iconv -f a -t b -o c d',
      'iconv --output=c a',
      'iconv -t ../x a',
      'iconv -f utf-8 /etc/passwd',
      'iconv -f utf-8 .env',
    ],
  },
  {
    names: ['shuf'],
    forms: {
      flags: 'erz',
      long: ['echo', 'repeat', 'zero-terminated'],
      values: { n: 'number', i: /^\d+-\d+$/, 'head-count': 'number', 'input-range': /^\d+-\d+$/ },
      operands: 'read',
    },
    match: ['shuf -n 5 data/sample.csv', 'shuf -i 1-10 -n 1', 'ls | shuf | head -3', 'shuf -e a b c'],
    noMatch: ['shuf -o b a', 'shuf --output=b a', 'shuf --random-source=.env a', 'shuf .env', 'shuf /etc/passwd'],
  },
  {
    names: ['csvstat', 'csvlook', 'csvcut', 'csvgrep', 'csvhead'],
    forms: {
      flags: 'nHSlix',
      long: [
        'names',
        'no-header-row',
        'linenumbers',
        'no-inference',
        'count',
        'nulls',
        'unique',
        'min',
        'max',
        'mean',
        'invert-match',
      ],
      values: {
        c: 'text',
        columns: 'text',
        C: 'text',
        d: 'text',
        delimiter: 'text',
        m: 'text',
        match: 'text',
        r: 'text',
        regex: 'text',
        'max-rows': 'number',
        'max-columns': 'number',
        e: /^[\w-]+$/,
      },
      parser: 'argparse',
      operands: { first: ['read'] },
    },
    match: ['csvstat data/sample.csv', 'csvcut -n a.csv', 'csvgrep -c status -m done a.csv | csvlook --max-rows 5'],
    noMatch: ['csvgrep -f .env a.csv', 'csvstat .env', 'csvcut -c 1 /etc/passwd', 'csvlook a.csv > b'],
  },
  {
    names: ['bc'],
    // Another calculator, `dc`, runs what stands behind a `!`.
    forms: { flags: 'lqs', long: ['mathlib', 'quiet', 'standard', 'version', 'help'] },
    match: ['echo "10/3" | bc -l', 'echo "scale=2; 1/3" | bc'],
    noMatch: ['bc a', 'bc -e a', 'bc -f a', 'bc -i'],
  },
  {
    names: ['expr'],
    forms: { operands: { rest: 'text', least: 1 } },
    match: ['expr 1 + 2', "expr 3 '*' 4", 'expr length abc', 'expr 10 - 3'],
    noMatch: ['expr', 'expr $X + 1', 'expr 1 + 2 > a'],
  },
  {
    names: ['factor', 'cal', 'ncal'],
    forms: { flags: 'jmyhw13', operands: /^\d{1,20}$/ },
    match: ['factor 12', 'cal', 'cal 2 2024', 'cal -3'],
    noMatch: ['factor a', 'cal -H x', 'cal > a'],
  },
  {
    names: ['numfmt'],
    forms: {
      flags: 'z',
      long: ['grouping', 'header', 'version', 'help'],
      values: {
        d: 'text',
        delimiter: 'text',
        field: 'text',
        format: 'text',
        from: 'text',
        to: 'text',
        'from-unit': 'number',
        'to-unit': 'number',
        padding: 'number',
        round: 'text',
        suffix: 'text',
        header: 'number',
        invalid: 'text',
      },
      operands: 'text',
    },
    match: ['numfmt --to=iec 123456', 'du -b a | numfmt --to=si --field=1'],
    noMatch: ['numfmt --x a', 'numfmt $X', 'numfmt 1 > a'],
  },
  {
    names: ['tsort', 'sum'],
    forms: { flags: 'rs', operands: 'read' },
    match: ['tsort a', 'cat a | tsort', 'sum a'],
    noMatch: ['tsort .env', 'tsort /etc/passwd', 'tsort -x a'],
  },
  {
    names: ['pr'],
    forms: {
      // A value of these stands in the same word.
      flags: 'dFJmrtTvnse',
      values: { l: 'number', w: 'number', W: 'number', o: 'number', h: 'text', n: 'text', s: 'text', e: 'text' },
      count: true,
      operands: 'read',
    },
    match: ['pr -m -t a b', 'pr -t -w 120 a', 'ls | pr -3 -t'],
    noMatch: ['pr -x a', 'pr .env', 'pr /etc/passwd', 'pr -t -n .env', 'pr -t -s /etc/passwd', 'pr -t -e ../../x'],
  },
  {
    names: ['col'],
    forms: { flags: 'bfhpx' },
    match: ['man ls | col -b', 'man git-log | col -bx | head'],
    noMatch: ['col a', 'col -l', 'col -b > a'],
  },
  sqlite,
  {
    names: ['openssl'],
    forms: {
      commands: {
        version: { flags: 'abdefmopr', does: 'looks' },
        x509: { ...certificate, needs: ['in'] },
        req: {
          ...certificate,
          long: ['noout', 'text', 'subject', 'verify', 'pubkey', 'modulus'],
          values: { in: 'name', inform: ['PEM', 'DER'] },
          needs: ['noout'],
        },
        crl: { ...certificate, needs: ['in'] },
        dgst: {
          oneDash: true,
          long: ['sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'md5', 'r', 'c', 'hex'],
          operands: 'read',
        },
        rand: { oneDash: true, long: ['hex', 'base64'], needs: ['hex', 'base64'], operands: { first: [/^\d{1,4}$/] } },
        ...Object.fromEntries(
          ['sha1', 'sha256', 'sha384', 'sha512', 'md5'].map((name) => [name, { operands: 'read' } satisfies Form]),
        ),
      },
    },
    match: [
      'openssl version',
      'openssl version -a',
      'openssl x509 -in config/cert.pem -noout -text',
      'openssl x509 -noout -enddate -in a.crt',
      'openssl dgst -sha256 package.json',
      'openssl rand -hex 16',
      'openssl sha256 a',
    ],
    noMatch: [
      'openssl s_client -connect x:443',
      'openssl enc -d -in a',
      'openssl rsa -in a.key',
      'openssl x509 -in a.crt -out b',
      'openssl x509 -in /etc/ssl/a.crt -text',
      'openssl x509 -req -in a -signkey b',
      'openssl dgst -sign a.key b',
      'openssl dgst -sha256 -out b a',
      'openssl dgst -engine ./x.so a',
      'openssl rand -hex -out a 16',
      'openssl req -new -key a',
      'openssl genrsa 2048',
      'openssl dgst -sha256 .env',
    ],
  },
];
