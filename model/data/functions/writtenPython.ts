import type { WrittenGroup } from './written.ts';

/** As people write Python. Two blanks a level here too. */
export const writtenPython: readonly WrittenGroup[] = [
  {
    files: ['storage', 'files', 'persistence', 'store', 'database'],
    purposes: ['keep| $2 in JSON files', 'where $2 are kept on disk', 'take| care of saved $2'],
    functions: [
      {
        names: ['load $many', 'read $many file', 'open $many'],
        docs: [
          'read| all $2 from a JSON file',
          'load| the $2 that were saved before',
          'all $2 of a file, or none when it is missing',
        ],
        code: `def $name(path):
  file = Path(path)
  if not file.exists():
    return []
  return json.loads(file.read_text(encoding='utf-8'))`,
        imports: [['json'], ['pathlib', 'Path']],
      },
      {
        names: ['save $many', 'write $many file', 'store $many'],
        docs: ['write| the $2 to a file, replacing what was there', 'save| all $2 as JSON', 'store| the $2 on disk'],
        code: `def $name(path, $many):
  text = json.dumps($many, indent=2, sort_keys=True)
  part = Path(f'{path}.part')
  part.write_text(text, encoding='utf-8')
  part.replace(path)`,
        imports: [['json'], ['pathlib', 'Path']],
      },
      {
        names: ['connect', 'open database', 'database connection'],
        docs: [
          'open| the database, with its table',
          'a connection to the database of $2',
          'connect| to the SQLite file',
        ],
        code: `def $name(path='$many.db'):
  connection = sqlite3.connect(path)
  connection.execute('create table if not exists $many (id integer primary key, $KEY text)')
  connection.row_factory = sqlite3.Row
  return connection`,
        imports: [['sqlite3']],
      },
      {
        names: ['insert $one', 'add $one row', 'put $one'],
        docs: ['add| one row to the table of $2', 'insert| $1 data for a new id', 'store| one $1 in the database'],
        code: `def $name(connection, $KEY):
  cursor = connection.execute('insert into $many ($KEY) values (?)', ($KEY,))
  connection.commit()
  return cursor.lastrowid`,
      },
    ],
  },
  {
    files: ['cli', 'options', 'commands', 'console'],
    purposes: [
      'the command line of the program',
      'read| what was typed on the command line',
      'commands and their options',
    ],
    functions: [
      {
        names: ['build parser', 'make parser', 'argument parser'],
        docs: [
          'describe| the options of the command line',
          'the parser for the command line',
          'set| up all options with their help',
        ],
        code: `def $name():
  parser = argparse.ArgumentParser(description='Work with $2.')
  parser.add_argument('file', help='where the $2 are')
  parser.add_argument('--limit', type=int, default=10, help='how many to show')
  parser.add_argument('--verbose', action='store_true')
  return parser`,
        imports: [['argparse']],
        texts: ['how many to show'],
      },
      {
        names: ['ask yes no', 'confirm', 'prompt'],
        docs: [
          'ask| a question until the answer is yes or no',
          'whether the person at the terminal agrees',
          'wait| for yes or no',
        ],
        code: `def $name(question):
  while True:
    answer = input(f'{question} [y/n] ').strip().lower()
    if answer in ('y', 'yes'):
      return True
    if answer in ('n', 'no'):
      return False
    print('Please answer yes or no.')`,
        texts: ['Please answer yes or no.'],
      },
      {
        names: ['print table', 'show rows', 'render table'],
        docs: [
          'print| rows in columns of equal width',
          'show| a table on the terminal',
          'write| rows so that the columns line up',
        ],
        code: `def $name(rows, headers):
  widths = [max(len(str(cell)) for cell in column) for column in zip(headers, *rows)]
  for row in [headers, *rows]:
    cells = [str(cell).ljust(width) for cell, width in zip(row, widths)]
    print('  '.join(cells).rstrip())`,
      },
      {
        names: ['exit with', 'die', 'stop with message'],
        docs: [
          'end| the program with a message',
          'print| an error before the end, with code 2',
          'stop| the program because of a mistake',
        ],
        code: `def $name(message):
  print(f'error: {message}', file=sys.stderr)
  raise SystemExit(2)`,
        imports: [['sys']],
      },
    ],
  },
  {
    files: ['retry', 'timing', 'jobs', 'workers', 'tasks'],
    purposes: [
      'help| with work that takes time',
      'retry, wait and run in parallel',
      'small functions around slow work',
    ],
    functions: [
      {
        names: ['retry', 'try again', 'with retries'],
        docs: [
          'try| an action several times before giving up',
          'repeat| a failing action after a pause',
          'the result of an action that may fail a few times',
        ],
        code: `def $name(action, attempts=3, pause=0.2):
  for attempt in range(1, attempts + 1):
    try:
      return action()
    except OSError:
      if attempt == attempts:
        raise
      time.sleep(pause * attempt)`,
        imports: [['time']],
      },
      {
        names: ['timed', 'measure time', 'stopwatch'],
        docs: [
          'measure| how long an action takes',
          'the result of an action whose seconds are printed',
          'print| the seconds that an action took',
        ],
        code: `def $name(label, action):
  began = time.perf_counter()
  result = action()
  print(f'{label}: {time.perf_counter() - began:.3f} s')
  return result`,
        imports: [['time']],
      },
      {
        names: ['run parallel', 'map in threads', 'all at once'],
        docs: [
          'run| an action for all items in several threads',
          'the results of an action for every item, in order',
          'spread| work over threads',
        ],
        code: `def $name(action, items, workers=4):
  with ThreadPoolExecutor(max_workers=workers) as pool:
    return list(pool.map(action, items))`,
        imports: [['concurrent.futures', 'ThreadPoolExecutor']],
      },
      {
        names: ['in chunks', 'batches of', 'chunked'],
        docs: [
          'cut| a list into pieces of equal size',
          'one piece of the list after another',
          'yield| the items in groups',
        ],
        code: `def $name(items, size):
  if size < 1:
    raise ValueError('A chunk needs at least one item')
  for start in range(0, len(items), size):
    yield items[start:start + size]`,
        texts: ['A chunk needs at least one item'],
      },
    ],
  },
  {
    files: ['client', 'remote', 'gateway', 'sync', 'api'],
    purposes: ['talk| to the server that knows all $2', 'requests to the service for $2', 'fetch| $2 from elsewhere'],
    functions: [
      {
        names: ['fetch $one', 'download $one', 'request $one'],
        docs: [
          'fetch| one $1 from the server',
          'the $1 that the server has under this id',
          'ask| the server for $1 data',
        ],
        code: `def $name(base, identifier, timeout=10):
  address = f'{base}/$many/{quote(identifier)}'
  with urlopen(address, timeout=timeout) as response:
    return json.load(response)`,
        imports: [['json'], ['urllib.parse', 'quote'], ['urllib.request', 'urlopen']],
      },
      {
        names: ['is reachable', 'server alive', 'ping'],
        docs: ['whether the server answers', 'check| that the server is there', 'tell| if the service can be reached'],
        code: `def $name(base):
  try:
    with urlopen(f'{base}/health', timeout=2) as response:
      return response.status == 200
  except OSError:
    return False`,
        imports: [['urllib.request', 'urlopen']],
      },
      {
        names: ['auth header', 'token header', 'credentials header'],
        docs: [
          'the header that proves who is asking',
          'build| the header with the token',
          'read| the token from the environment',
        ],
        code: `def $name(variable='API_TOKEN'):
  token = os.environ.get(variable)
  if not token:
    raise RuntimeError(f'Set {variable} first')
  return {'authorization': f'Bearer {token}'}`,
        imports: [['os']],
      },
    ],
  },
  {
    files: ['parsing', 'readers', 'imports', 'text input', 'loader'],
    purposes: ['read| $2 out of text files', 'parsers for what other programs write', 'turn| lines into $2'],
    functions: [
      {
        names: ['read csv', 'rows of csv', 'csv rows'],
        docs: [
          'read| a CSV file into dictionaries',
          'the rows of a CSV file',
          'yield| each row of a table as a dictionary',
        ],
        code: `def $name(path, delimiter=','):
  with open(path, newline='', encoding='utf-8') as file:
    yield from csv.DictReader(file, delimiter=delimiter)`,
        imports: [['csv']],
      },
      {
        names: ['parse duration', 'seconds from text', 'duration seconds'],
        docs: [
          'turn| a text like "1h30m" into seconds',
          'the seconds of a duration such as "45m"',
          'understand| hours, minutes and seconds',
        ],
        code: `def $name(text):
  match = re.fullmatch(r'(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?', text.strip())
  if not match or not text.strip():
    raise ValueError(f'Not a duration: {text!r}')
  hours, minutes, seconds = (int(part or 0) for part in match.groups())
  return hours * 3600 + minutes * 60 + seconds`,
        imports: [['re']],
        texts: ['Not a duration:'],
      },
      {
        names: ['parse pairs', 'key value pairs', 'read pairs'],
        docs: [
          'read| lines like key=value into a dictionary',
          'the pairs of a small settings file',
          'skip| comments to collect all pairs',
        ],
        code: `def $name(text):
  pairs = {}
  for line in text.splitlines():
    line = line.strip()
    if not line or line.startswith('#'):
      continue
    key, _, value = line.partition('=')
    pairs[key.strip()] = value.strip()
  return pairs`,
      },
      {
        names: ['clean name', 'normalize name', 'tidy name'],
        docs: [
          'bring| a name into the form that is stored',
          'the name without accents and extra blanks',
          'remove| what makes two equal names differ',
        ],
        code: `def $name(name):
  plain = unicodedata.normalize('NFKD', name)
  letters = ''.join(sign for sign in plain if not unicodedata.combining(sign))
  return ' '.join(letters.split()).title()`,
        imports: [['unicodedata']],
      },
    ],
  },
  {
    files: ['config', 'settings', 'environment', 'defaults'],
    purposes: [
      'where settings come from',
      'read| settings from files and the environment',
      'settings with their defaults',
    ],
    functions: [
      {
        names: ['load config', 'read settings', 'load settings'],
        docs: [
          'read| the settings over the defaults',
          'the settings of a file over the defaults',
          'load| settings, with those of the environment on top',
        ],
        code: `def $name(path='settings.json'):
  settings = {'port': 8000, 'language': 'en', 'debug': False}
  if os.path.exists(path):
    with open(path, encoding='utf-8') as file:
      settings.update(json.load(file))
  settings['port'] = int(os.environ.get('PORT', settings['port']))
  return settings`,
        imports: [['json'], ['os']],
      },
      {
        names: ['env flag', 'flag from environment', 'is enabled'],
        docs: [
          'whether a variable of the environment says yes',
          'read| a switch from the environment',
          'check| for "1", "true" or "yes"',
        ],
        code: `def $name(variable, default=False):
  value = os.environ.get(variable)
  return default if value is None else value.lower() in {'1', 'true', 'yes'}`,
        imports: [['os']],
      },
      {
        names: ['setup logging', 'configure log', 'start logging'],
        docs: [
          'set| up the log for the whole program',
          'let| all messages go to the console with their time',
          'configure| level and form of the log',
        ],
        code: `def $name(verbose=False):
  level = logging.DEBUG if verbose else logging.INFO
  logging.basicConfig(level=level, format='%(asctime)s %(levelname)s %(message)s')
  return logging.getLogger('$many')`,
        imports: [['logging']],
      },
    ],
  },
  {
    files: ['dates', 'calendar', 'schedule', 'deadlines'],
    purposes: ['dates and what follows from them', 'calculate| with days and weeks', 'when things are due'],
    functions: [
      {
        names: ['days between', 'day difference', 'days until'],
        docs: [
          'count| the days from one date to another',
          'how many days lie between two dates',
          'the number of days until a date',
        ],
        code: `def $name(first, second):
  start = date.fromisoformat(first)
  end = date.fromisoformat(second)
  return (end - start).days`,
        imports: [['datetime', 'date']],
      },
      {
        names: ['next weekday', 'following workday', 'skip weekend'],
        docs: [
          'find| the next day that is no Saturday or Sunday',
          'the first working day after a date',
          'move| a date past the weekend',
        ],
        code: `def $name(day):
  following = day + timedelta(days=1)
  while following.weekday() > 4:
    following += timedelta(days=1)
  return following`,
        imports: [['datetime', 'timedelta']],
      },
      {
        names: ['is overdue', 'past deadline', 'too late'],
        docs: [
          'whether a $1 should have been done already',
          'tell| if the deadline has passed',
          'compare| the due date with today',
        ],
        code: `def $name(due, today=None):
  today = today or date.today()
  return date.fromisoformat(due) < today`,
        imports: [['datetime', 'date']],
      },
    ],
  },
];
