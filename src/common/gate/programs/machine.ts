import type { Program } from '../program.ts';
import { lines } from './shared.ts';

const plain = /^[\w.+@:-]+$/;

/** Variables that say where programs and people are, and how they speak: none of them is a secret. */
const told =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|PWD|LANG|LANGUAGE|LC_[A-Z]+|TERM|TZ|TMPDIR|CI|NODE_ENV|VIRTUAL_ENV|CONDA_PREFIX|CONDA_DEFAULT_ENV|JAVA_HOME|GOPATH|GOROOT|GOBIN|CARGO_HOME|RUSTUP_HOME|PYTHONPATH|EDITOR|PAGER|NO_COLOR|HOSTNAME|NVM_DIR|PYENV_ROOT|XDG_[A-Z_]+)$/;

const address = String.raw`(?::?\d{1,5}(?:[,-]\d{1,5})*|(?:[46]|TCP|UDP|tcp|udp|4TCP|6TCP)(?:@?(?:localhost|127\.0\.0\.1))?(?::\d{1,5}(?:[,-]\d{1,5})*)?|(?:@?(?:localhost|127\.0\.0\.1))(?::\d{1,5})?)`;

/** What tells what runs on the machine and what it is made of. Nothing here asks another machine, waits for ever or changes a setting. */
export const machine: readonly Program[] = [
  {
    names: ['printenv'],
    forms: { operands: { rest: told, least: 1 } },
    match: ['printenv PATH', 'printenv NODE_ENV', 'printenv HOME SHELL'],
    noMatch: [
      'printenv',
      'printenv -0',
      'printenv AWS_SECRET_ACCESS_KEY',
      'printenv GITHUB_TOKEN',
      'printenv PATH NPM_TOKEN',
      'printenv DROVER_RUN',
    ],
  },
  {
    names: [
      'arch',
      'logname',
      'tty',
      'groups',
      'users',
      'lsmod',
      'jobs',
      'times',
      'dirs',
      'sw_vers',
      'alias',
      'history',
    ],
    read: lines(/^$/, /^-(?:productVersion|productName|buildVersion)$/, /^\d{1,3}$/, /^-[lpr]$/),
    match: ['arch', 'tty', 'groups', 'sw_vers -productVersion', 'history | tail -5', 'jobs -l', 'alias'],
    noMatch: ['alias ls=rm', 'history -c', 'history -w a', 'history -d 1', 'groups root', 'dirs -c', 'jobs -x id'],
  },
  {
    names: ['lscpu', 'lsblk', 'lsusb', 'lspci', 'lsb_release', 'who', 'w'],
    ofMachine: true,
    forms: {
      // With `-q` one of them asks a server, and keeps what that says.
      flags: 'aficdrsvwjJnbeHmkp',
      long: [
        'all',
        'json',
        'fs',
        'bytes',
        'list',
        'paths',
        'id',
        'description',
        'release',
        'codename',
        'short',
        'extended',
        'version',
        'help',
      ],
      values: { o: /^[A-Z,+:-]+$/, output: /^[A-Z,+:-]+$/ },
    },
    match: ['lsb_release -a', 'lscpu', 'lsblk -f', 'lsblk -o NAME,SIZE', 'lspci -nn | head', 'who'],
    noMatch: ['lspci -q', 'lspci -i a', 'lsusb -D /dev/x', 'lscpu -s /x', 'who a', 'lspci -O a=b', 'lsblk > a'],
  },
  {
    names: ['locale'],
    forms: {
      flags: 'amckv',
      long: ['all-locales', 'charmaps', 'category-name', 'keyword-name', 'version'],
      operands: /^[A-Za-z_]+$/,
    },
    match: ['locale', 'locale -a | head', 'locale charmap'],
    noMatch: ['locale ./a', 'locale -x', 'locale > a'],
  },
  {
    names: ['getconf'],
    forms: { flags: 'a', operands: { first: [/^[A-Z_\d]+$/, /^\.?$/] } },
    match: ['getconf _NPROCESSORS_ONLN', 'getconf PAGE_SIZE', 'getconf -a | head'],
    noMatch: ['getconf PATH_MAX /etc', 'getconf -v x a', 'getconf ../a'],
  },
  {
    names: ['getent'],
    read: lines(/^hosts (?:localhost|127\.0\.0\.1|::1)$/, /^(?:group|services|protocols)(?: [\w.-]+)?$/),
    match: ['getent hosts localhost', 'getent group docker', 'getent services http'],
    noMatch: [
      'getent passwd',
      'getent shadow',
      'getent hosts example.com',
      'getent ahosts x',
      'getent -s x hosts localhost',
    ],
  },
  {
    names: ['sysctl'],
    ofMachine: true,
    read: lines(/^(?:-n )?(?:hw|kern|machdep|vm|net|fs|kernel)(?:\.\w+)+$/),
    match: ['sysctl -n hw.ncpu', 'sysctl hw.memsize', 'sysctl fs.inotify.max_user_watches'],
    noMatch: ['sysctl -w vm.x=1', 'sysctl vm.x=1', 'sysctl -p', 'sysctl -p a', 'sysctl --system', 'sysctl -f a'],
  },
  {
    names: ['ulimit'],
    read: lines(/^(?:-[HS])?(?: ?-[acdefilmnpqrstuvxR])?$/),
    match: ['ulimit -n', 'ulimit -a', 'ulimit'],
    noMatch: ['ulimit -n 10', 'ulimit -c unlimited', 'ulimit -S -n 1'],
  },
  {
    names: ['umask'],
    read: lines(/^(?:-[Sp])?$/),
    match: ['umask', 'umask -S'],
    noMatch: ['umask 000', 'umask -S 022', 'umask u=rwx'],
  },
  {
    names: ['hash'],
    read: lines(/^(?:-t )?\w[\w.+-]*(?: \w[\w.+-]*)*$/, /^(?:-l)?$/),
    match: ['hash rustc 2>/dev/null && echo ok', 'hash', 'hash -t node'],
    noMatch: ['hash -p ./x ls', 'hash -r', 'hash -d ls', 'hash ./x'],
  },
  {
    names: ['shopt'],
    read: lines(/^(?:-p)?(?: ?[a-z_]+)?$/),
    match: ['shopt', 'shopt -p', 'shopt globstar'],
    noMatch: ['shopt -s globstar', 'shopt -u dotglob', 'shopt -s expand_aliases', 'shopt -so posix'],
  },
  {
    names: ['tput'],
    read: lines(/^(?:cols|lines|colors)$/),
    match: ['tput cols', 'tput colors'],
    noMatch: ['tput clear', 'tput -S', 'tput init', 'tput reset'],
  },
  {
    names: ['stty'],
    read: lines(/^(?:-a|size)$/),
    match: ['stty size', 'stty -a'],
    noMatch: ['stty -echo', 'stty -F /dev/ttyS0', 'stty sane'],
  },
  {
    names: ['pgrep'],
    ofMachine: true,
    forms: {
      flags: 'acfilnovwx',
      long: ['list-full', 'list-name', 'full', 'count', 'newest', 'oldest', 'exact', 'ignore-case', 'inverse'],
      values: { d: 'text', u: 'text', U: 'text', P: /^[\d,]+$/, g: /^[\d,]+$/, s: /^[\d,]+$/, t: 'text', G: 'text' },
      operands: { first: ['text'] },
    },
    match: ['pgrep -fl node', 'pgrep -x postgres', 'pgrep -af "vite|webpack"'],
    noMatch: [
      'pgrep -F .env',
      'pgrep --pidfile a',
      'pgrep --signal 9 a',
      'pkill node',
      'pgrep -9 node',
      'pgrep -L -F a',
    ],
  },
  {
    names: ['pidof', 'pstree'],
    ofMachine: true,
    forms: { flags: 'sxqaclpuAnhgt', operands: plain },
    match: ['pidof node', 'pstree -p', 'pstree -a 1 | head'],
    noMatch: ['pidof -o x /etc', 'pidof $X', 'pstree -N x > a'],
  },
  {
    names: ['lsof'],
    ofMachine: true,
    // A number for `-r` would have it go on for ever, and `-D` writes a file of its own.
    read: lines(
      new RegExp(
        String.raw`^(?:-[nPtVwla]{1,4} ?)*-i ?${address}?(?: ?-[nPtVwla]{1,4}| -sTCP:[A-Z_,^]+| -a| -p \d+(?:,\d+)*| -c [\w.-]+| -u \w+)*$`,
      ),
      /^(?:-[nPtwal]{1,4} )*(?:-p ?\d+(?:,\d+)*|-c ?[\w.-]+|-u ?\w+)(?: -[nPtwal]{1,4})*$/,
      /^-(?:[nP]{0,2}i|[nP]{0,2}ti)(?:[nPt]{0,3})(?: ?:\d{1,5})?(?: -sTCP:[A-Z_,^]+)?(?: -[nPt]+)*$/,
    ),
    match: [
      'lsof -i :3000',
      'lsof -iTCP -sTCP:LISTEN -n -P',
      'lsof -ti:3000',
      'lsof -nP -iTCP:8080 -sTCP:LISTEN',
      'lsof -i tcp:5432',
      'lsof -p 123',
      'lsof -i -P -n | grep LISTEN',
    ],
    noMatch: [
      'lsof -D b -i',
      'lsof -r 1 -i',
      'lsof +D /',
      'lsof',
      'lsof /etc/passwd',
      'lsof -i @example.com',
      'kill $(lsof -ti:3000)',
      'lsof -ti:3000 | xargs kill',
      'lsof -k x',
    ],
  },
  {
    names: ['ss', 'netstat'],
    ofMachine: true,
    // Without `-r` and `-K` one of them looks up no names and closes nothing; of the other `-c` goes on for ever.
    read: lines(
      /^(?:-(?!\w*[KrcDFEfAN])[tulnpaiseoxw46mHOv]+)?(?: (?:-[tulnpaiseoxw46mHOv]+|state listening|sport = :\d+))*$/,
      /^-(?:rn|nr|i|s|ib|an|anp|anv|anvp|nat|natp|tan|tanp)(?: -?p? ?(?:tcp|udp))?$/,
    ),
    match: [
      'ss -tlnp',
      'ss -ltn | grep 3000',
      'netstat -tlnp 2>/dev/null | grep 8080',
      'netstat -an | grep LISTEN',
      'ss -s',
      'netstat -rn',
      'ss',
    ],
    noMatch: [
      'ss -K dst x',
      'ss -tr',
      'ss -D a',
      'ss -F a',
      'ss -E',
      'netstat -c',
      'ss -f a',
      'netstat -tc',
      'ss -N x',
    ],
  },
  {
    names: ['ip', 'ifconfig'],
    ofMachine: true,
    read: lines(
      /^(?:-(?:4|6|br|brief|s|j|o|c|color=never|d) ?)*(?:a|addr|address|r|ro|route|l|link|n|neigh)(?: (?:show|list|ls|sh)(?: (?:dev )?[\w.:-]+)?)?$/,
      /^$/,
      /^(?:-a|(?:lo|en|eth|wl|wlan|docker|br|utun)[\w-]*)$/,
    ),
    match: ['ip addr', 'ip -4 addr show eth0', 'ip a', 'ip route', 'ip -br link', 'ifconfig', 'ifconfig en0'],
    noMatch: [
      'ip link set eth0 down',
      'ip netns exec x id',
      'ip -b a',
      'ip route add default via 1.1.1.1',
      'ifconfig eth0 down',
      'ip addr flush dev eth0',
      'ip monitor',
    ],
  },
  {
    names: ['top'],
    ofMachine: true,
    read: lines(
      /^(?:-b ?)?(?:-n ?\d{1,2}|-bn ?\d{1,2})(?: -b| -c| -w ?\d*| -o [%+-]?[A-Z%]+| -p \d+(?:,\d+)*| -d ?[\d.]+| -H| -u \w+)*$/,
      /^-l ?\d{1,2}(?: -n ?\d{1,3}| -o \w+| -s ?\d+)*$/,
      /^-b(?: -o [%+-]?[A-Z%]+| -d ?[\d.]+)* -n ?\d{1,2}$/,
    ),
    match: ['top -b -n 1 | head -20', 'top -bn1 | head', 'top -b -o %MEM -n 1', 'top -l 1 -n 10'],
    noMatch: ['top', 'top -b', 'top -d 1'],
  },
  {
    names: ['vmstat', 'iostat', 'mpstat'],
    ofMachine: true,
    read: lines(/^(?:-[wSaskdmx]+(?: [kKmM])? ?)?(?:\d{1,2} \d{1,2})?$/),
    match: ['vmstat', 'vmstat 1 5', 'iostat -x', 'vmstat -s'],
    noMatch: ['vmstat 1', 'iostat 1', 'vmstat -p x', 'iostat -o a'],
  },
  {
    names: ['nvidia-smi'],
    ofMachine: true,
    read: lines(/^(?:-L|-q|--query-gpu=[\w.,]+ --format=csv(?:,\w+)*)?$/),
    match: ['nvidia-smi', 'nvidia-smi -L', 'nvidia-smi --query-gpu=name,memory.total --format=csv,noheader'],
    noMatch: ['nvidia-smi -pm 1', 'nvidia-smi -l 1', 'nvidia-smi -r', 'nvidia-smi -f a', 'nvidia-smi -q -f a'],
  },
];
