import { names } from './tree.ts';

/** What a program in Python on the command line may call and look at, by name. */

/** Functions of the language that make values of values. None of them calls what it is given. */
export const functions = names(`
  print len sorted list dict set tuple str repr int float bool enumerate zip range sum min max any all isinstance dir reversed round
  abs ord chr type`);
/** Of modules: what makes values of a text, of other values, or of a file that is open. */
export const known: Readonly<Record<string, ReadonlySet<string>>> = {
  json: names('load loads dumps'),
  tomllib: names('load loads'),
  yaml: names('safe_load safe_load_all'),
  csv: names('reader DictReader'),
  re: names('findall finditer match search fullmatch split'),
  ast: names('parse walk literal_eval get_docstring iter_child_nodes unparse dump'),
  collections: names('Counter OrderedDict'),
  statistics: names('mean median mode stdev'),
  pathlib: names('Path'),
  glob: names('glob iglob'),
  sqlite3: names('connect'),
  inspect: names('getmembers getsource getdoc signature getfile getsourcefile'),
  sys: new Set(),
  datetime: names('date datetime time timedelta timezone'),
  platform: names('platform system machine release python_version'),
  math: names('sqrt floor ceil log log2 log10 gcd lcm factorial comb hypot isclose'),
};
/** What is looked at of a module and not called. */
export const constants =
  /^(?:(?:datetime\.)?timezone\.utc|sys\.(?:stdin|version|version_info|executable|platform)|ast\.[A-Z]\w*|re\.[A-Z]+|inspect\.is(?:class|function|method|coroutinefunction))$/;
/** What may be called on a value that these functions have made. */
export const methods = names(`
  keys values items get split rsplit splitlines strip lstrip rstrip startswith endswith lower upper title join count index ljust rjust
  center zfill isdigit isalpha isupper islower append add extend most_common read readline readlines group groups start end find
  removeprefix removesuffix union intersection difference isoformat strftime weekday total_seconds timestamp`);
/** By which a date is made, of its class. */
export const ofDates = names('now utcnow today fromtimestamp utcfromtimestamp fromisoformat strptime');
/** What may be asked of a database that is open for nothing but to be read. */
export const ofDatabase = names('cursor execute fetchall fetchone close');
/** And on one that a module holds of which nothing is known. */
export const anyMethods = names('keys values items startswith endswith isupper islower lower upper strip');
export const keywords: Readonly<Record<string, ReadonlySet<string>>> = {
  print: names('sep end'),
  sorted: names('key reverse'),
  min: names('key'),
  max: names('key'),
  enumerate: names('start'),
  open: names('encoding errors mode newline'),
  'csv.reader': names('delimiter'),
  'csv.DictReader': names('delimiter'),
  'sqlite3.connect': names('uri'),
  'json.dumps': names('indent sort_keys ensure_ascii'),
};
/** What is looked at of values that these functions have made: parts of paths, of a syntax tree and of a version. */
export const attributes = names(`
  name stem suffix parts id attr value args arg body orelse lineno col_offset end_lineno target targets func keywords elts module names
  asname level returns annotation decorator_list bases fieldnames line_num major minor micro`);
/** Names of a module's own parts that say what it is. */
export const dunder = /^__(?:file|version|name|all|doc)__$/;

/**
 * Modules that come with the language (Python 3.13, `sys.stdlib_module_names`): what they hold acts on the machine as often as not. Those
 * that begin with `_` are left out of every program.
 */
export const ofLanguage = names(`
  abc aifc antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii bisect builtins bz2 cProfile
  calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall concurrent configparser contextlib
  contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils doctest email encodings
  ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc genericpath getopt getpass gettext
  glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json
  keyword lib2to3 linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt
  multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode operator optparse os ossaudiodev pathlib pdb pickle
  pickletools pip pipes pkgutil platform plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc
  pydoc_data pyexpat queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select selectors setuptools
  shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl
  stat statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile
  termios test textwrap this threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle
  turtledemo types typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg winsound wsgiref
  xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo`);

/** In the name of a module: to bring it in is to have it act. */
export const acts =
  /(?:^|_)(?:migrat\w*|deploy\w*|releas\w*|publish\w*|seed\w*|reset\w*|clean\w*|drop|delete\w*|remove\w*|install\w*|upload\w*|setup|manage|scripts?)(?:_|$)/i;

/** Names that mean something where a program does not set them (Python 3.13, `dir(builtins)`). */
export const builtins = names(`
  aiter anext ascii bin breakpoint bytearray bytes callable classmethod compile complex copyright credits delattr divmod eval exec
  exit filter format frozenset getattr globals hasattr hash help hex id input issubclass iter license locals map memoryview next
  object oct open pow property quit setattr slice staticmethod super type vars`);
