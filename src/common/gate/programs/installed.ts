import type { Form } from '../form.ts';
import type { Program } from '../program.ts';
import { lines } from './shared.ts';

/** The name of a package or a setting; a pattern of names is quoted. */
const name = /^[\w.+@:~*?/-]+$/;
const packages: Form = { operands: name };

/** What `dpkg` is asked for, and does nothing else. */
const asking = [
  'list',
  'listfiles',
  'status',
  'search',
  'print-avail',
  'show',
  'print-architecture',
  'get-selections',
  'print-foreign-architectures',
  'version',
  'help',
];

/** What tells which packages are installed, and where. Nothing here asks whether there are newer ones. */
export const installed: readonly Program[] = [
  {
    names: ['dpkg', 'dpkg-query'],
    forms: {
      flags: 'lLsSpW',
      long: asking,
      values: { f: 'text', showformat: 'text' },
      // With none of these it could install something.
      needs: ['l', 'L', 's', 'S', 'p', 'W', ...asking],
      operands: name,
    },
    match: [
      'dpkg -l | grep libssl',
      'dpkg -L libssl-dev | head',
      "dpkg -l 'libssl*'",
      'dpkg -S bin/ls',
      "dpkg-query -W -f '${Version}' bash",
      'dpkg --print-architecture',
    ],
    noMatch: [
      'dpkg -i a.deb',
      'dpkg -r a',
      'dpkg --configure -a',
      'dpkg -P a',
      'dpkg --unpack a',
      'dpkg -x a.deb b',
      'dpkg --set-selections',
      'dpkg -l --admindir=. a',
      'dpkg --pre-invoke=id -l',
    ],
  },
  {
    names: ['apt', 'apt-cache'],
    forms: {
      commands: {
        list: {
          flags: 'a',
          long: ['installed', 'upgradable', 'upgradeable', 'all-versions', 'manual-installed'],
          operands: name,
        },
        show: { flags: 'a', operands: { rest: name, least: 1 } },
        ...Object.fromEntries(
          ['policy', 'search', 'depends', 'rdepends', 'madison', 'showpkg', 'pkgnames', 'stats'].map((each) => [
            each,
            packages,
          ]),
        ),
      },
    },
    match: [
      'apt list --installed 2>/dev/null | grep openssl',
      'apt-cache policy nodejs',
      'apt show curl',
      'apt-cache search libssl | head',
      "apt list 'libssl*'",
    ],
    noMatch: [
      'apt install a',
      'apt-get install a',
      'apt update',
      'apt -o APT::Update::Pre-Invoke::=id list',
      'apt list -o Dir=. a',
      'apt-cache -c a policy',
      'apt show ./a.deb -c x',
      'apt remove a',
      'apt-cache gencaches',
    ],
  },
  {
    names: ['rpm'],
    read: lines(/^-q(?:a|i|l|c|d|R|s)*(?: --(?:last|requires|provides|whatprovides|changelog))*(?: [\w*][\w.+*-]*)*$/),
    match: ['rpm -qa | head', 'rpm -qi bash', 'rpm -ql openssl', 'rpm -q glibc'],
    noMatch: [
      'rpm -i a.rpm',
      'rpm -e a',
      'rpm --eval "%(id)"',
      'rpm -qa --pipe id',
      'rpm -qp a.rpm',
      'rpm -U a',
      'rpm -qa --define "x %(id)"',
      'rpm --import k',
      'rpm -qf /etc/passwd',
    ],
  },
  {
    names: ['pacman'],
    read: lines(/^-Q(?:i|l|s|q|e|n|m|t|d)*(?: \w[\w.+@-]*)*$/),
    match: ['pacman -Q', 'pacman -Qi bash', 'pacman -Qs openssl'],
    noMatch: ['pacman -S a', 'pacman -R a', 'pacman -Q --dbpath x', 'pacman -Qp a', 'pacman -Syu'],
  },
  {
    names: ['apk'],
    read: lines(/^info(?: -(?:v{1,2}|e|a|d|s))?(?: \w[\w.+@-]*)*$/, /^list (?:-I|--installed)$/),
    match: ['apk info', 'apk info -vv | head', 'apk list --installed', 'apk info -e curl'],
    noMatch: ['apk add a', 'apk del a', 'apk update', 'apk --root x info', 'apk info -L a'],
  },
  {
    names: ['brew'],
    read: lines(
      /^(?:list|ls|leaves)(?: --(?:versions|formula|cask|formulae|casks|pinned))*(?: \w[\w.@+-]*)*$/,
      /^--(?:prefix|cellar|version|repository|cache)(?: \w[\w.@+-]*)?$/,
      /^(?:config|deps --installed|-v)$/,
    ),
    match: ['brew list', 'brew --prefix', 'brew --prefix openssl@3', 'brew list --versions node', 'brew leaves'],
    noMatch: [
      'brew install a',
      'brew update',
      'brew upgrade',
      'brew info a',
      'brew services start a',
      'brew sh',
      'brew ruby -e x',
      'brew bundle',
      'brew list ./a',
    ],
  },
  {
    names: ['pkg-config', 'pkgconf'],
    forms: {
      long: [
        'libs',
        'libs-only-l',
        'libs-only-L',
        'cflags',
        'cflags-only-I',
        'cflags-only-other',
        'modversion',
        'exists',
        'list-all',
        'print-errors',
        'short-errors',
        'silence-errors',
        'static',
        'print-requires',
        'print-provides',
        'print-variables',
        'version',
        'help',
      ],
      values: {
        variable: /^\w+$/,
        'atleast-version': /^[\d.]+$/,
        'exact-version': /^[\d.]+$/,
        'max-version': /^[\d.]+$/,
      },
      operands: /^(?:[A-Za-z][\w+-]*(?:[.-]\d[\d.]*)?|[<>=!]=?|\d[\d.]*)$/,
    },
    match: [
      'pkg-config --libs openssl',
      'pkg-config --modversion openssl',
      'pkg-config --list-all | head',
      "pkg-config --exists 'gtk+-3.0' || echo no",
      "pkg-config --exists openssl '>=' 1.1",
    ],
    noMatch: [
      'pkg-config --libs ./x.pc',
      'pkg-config --define-variable=a=b x',
      'pkg-config --with-path=. x',
      'pkg-config --libs x.pc',
      'pkg-config --env=a x',
      'pkg-config --log-file=a x',
    ],
  },
  {
    names: ['xcode-select'],
    read: lines(/^(?:-p|--print-path)$/),
    match: ['xcode-select -p'],
    noMatch: ['xcode-select --install', 'xcode-select -s x', 'xcode-select -r'],
  },
];
