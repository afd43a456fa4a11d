import type { WrittenGroup } from './written.ts';

/** As people write JavaScript and TypeScript. */
export const writtenJavascript: readonly WrittenGroup[] = [
  {
    files: ['storage', 'files', 'persistence', 'disk', 'database'],
    purposes: ['keep| $2 in JSON files', 'where $2 are kept on disk', 'take| care of saved $2'],
    functions: [
      {
        names: ['load $many', 'read $many file', 'fetch stored $many', 'open $many'],
        docs: [
          'read| all $2 from a JSON file',
          'load| the $2 that were saved before',
          'all $2 of a file, or none when it is missing',
        ],
        code: `export async function $name(path‹: string›)‹: Promise<$One[]>› {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}`,
        imports: [['node:fs/promises', 'readFile']],
      },
      {
        names: ['save $many', 'write $many file', 'store $many', 'persist $many'],
        docs: ['write| the $2 to a file, replacing what was there', 'save| all $2 as JSON', 'store| the $2 on disk'],
        code: `export async function $name(path‹: string›, $many‹: $One[]›)‹: Promise<void>› {
  const text = JSON.stringify($many, null, 2);
  await writeFile(\`\${path}.part\`, text);
  await rename(\`\${path}.part\`, path);
}`,
        imports: [['node:fs/promises', 'rename', 'writeFile']],
      },
      {
        names: ['backup file', 'keep copy', 'copy aside'],
        docs: [
          'copy| a file beside itself with the date in its name',
          'keep| the old version of a file',
          'a copy of the file, named after the day',
        ],
        code: `export async function $name(path‹: string›)‹: Promise<string>› {
  const day = new Date().toISOString().slice(0, 10);
  const target = path.replace(/(\\.\\w+)?$/, (end) => \`.\${day}\${end}\`);
  await copyFile(path, target);
  return target;
}`,
        imports: [['node:fs/promises', 'copyFile']],
      },
      {
        names: ['list data files', 'find json files', 'stored names'],
        docs: [
          'list| the JSON files of a folder by name',
          'the names of all files that hold data',
          'find| every JSON file in the folder',
        ],
        code: `export async function $name(folder‹: string›)‹: Promise<string[]>› {
  const names = await readdir(folder);
  return names.filter((name) => name.endsWith('.json')).sort();
}`,
        imports: [['node:fs/promises', 'readdir']],
      },
    ],
  },
  {
    files: ['server', 'http', 'api', 'routes', 'web'],
    purposes: ['answer| requests over HTTP', 'the web server of the program', 'serve| the $2 to browsers'],
    functions: [
      {
        names: ['start server', 'serve', 'listen on port'],
        docs: [
          'start| a web server on the given port',
          'serve| all $2 as JSON',
          'listen| for requests until the program ends',
        ],
        code: `export function $name(port‹: number›, $many‹: $One[]›) {
  const server = createServer((request, response) => {
    if (request.url === '/health') return sendText(response, 200, 'fine');
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify($many));
  });
  server.listen(port, () => console.log(\`Listening on port \${port}\`));
  return server;
}`,
        imports: [['node:http', 'createServer']],
        texts: ['Listening on port'],
      },
      {
        names: ['send error', 'reply error', 'fail request'],
        docs: [
          'answer| a request with an error as JSON',
          'send| a status and a message to the browser',
          'end| the request with an error',
        ],
        code: `export function $name(response, status‹: number›, message‹: string›)‹: void› {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ error: message }));
}`,
      },
      {
        names: ['read body', 'request body', 'body of'],
        docs: [
          'collect| the body of a request as text',
          'the whole body of a request, at most one megabyte',
          'read| what a browser has sent',
        ],
        code: `export async function $name(request)‹: Promise<string>› {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > 1_000_000) throw new Error('Request is too large');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}`,
        texts: ['Request is too large'],
      },
      {
        names: ['parse query', 'query values', 'url parameters'],
        docs: [
          'take| the parameters out of an address',
          'the values behind the question mark of an address',
          'read| page and search words from the address',
        ],
        code: `export function $name(url‹: string›) {
  const { searchParams } = new URL(url, 'http://localhost');
  return { page: Number(searchParams.get('page') ?? 1), search: searchParams.get('q') ?? '' };
}`,
      },
    ],
  },
  {
    files: ['cli', 'options', 'commands', 'console', 'terminal'],
    purposes: [
      'the command line of the program',
      'read| what was typed on the command line',
      'commands and their options',
    ],
    functions: [
      {
        names: ['parse options', 'read options', 'command line options'],
        docs: [
          'read| the options of the command line',
          'what was given on the command line, with defaults',
          'understand| --file, --limit and --verbose',
        ],
        code: `export function $name(args‹: string[]›) {
  const options = { file: '$many.json', limit: 10, verbose: false };
  for (const [index, arg] of args.entries()) {
    if (arg === '--file') options.file = args[index + 1];
    else if (arg === '--limit') options.limit = Number(args[index + 1]);
    else if (arg === '--verbose') options.verbose = true;
  }
  return options;
}`,
      },
      {
        names: ['print help', 'show usage', 'usage text'],
        docs: [
          'print| how the program is called',
          'the help that is shown for --help',
          'show| all commands with a short description',
        ],
        code: `export function $name()‹: void› {
  console.log('Usage: $many [--file FILE] [--limit N] [--verbose]');
  console.log('Without a file the example data is used');
}`,
        texts: ['Without a file the example data is used'],
      },
      {
        names: ['ask question', 'prompt for', 'confirm'],
        docs: [
          'ask| the person at the terminal a question',
          'the answer to a question on the terminal',
          'wait| for a line of input',
        ],
        code: `export async function $name(question‹: string›)‹: Promise<string>› {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question(\`\${question} \`)).trim();
  } finally {
    terminal.close();
  }
}`,
        imports: [['node:readline/promises', 'createInterface']],
      },
      {
        names: ['run command', 'dispatch', 'execute command'],
        docs: [
          'call| the function of a command, or the help for an unknown one',
          'choose| what to do by the first word',
          'find| the command by its name to run it',
        ],
        code: `export async function $name(name‹: string›, commands‹: Record<string, () => Promise<void>>›) {
  const command = commands[name];
  if (!command) {
    console.error(\`Unknown command: \${name}\`);
    process.exitCode = 1;
    return;
  }
  await command();
}`,
        texts: ['Unknown command:'],
      },
    ],
  },
  {
    files: ['retry', 'async', 'timing', 'jobs', 'tasks'],
    purposes: ['small functions around promises', 'help| with work that takes time', 'retry, wait and run in parallel'],
    functions: [
      {
        names: ['retry', 'try again', 'with retries'],
        docs: [
          'try| an action several times before giving up',
          'repeat| a failing action after a pause',
          'the result of an action that may fail a few times',
        ],
        code: `export async function $name(action‹: () => Promise<unknown>›, attempts = 3, pause = 200) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (attempt >= attempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause * attempt));
    }
  }
}`,
      },
      {
        names: ['debounce', 'after pause', 'calm down'],
        docs: [
          'delay| calls until there was a pause',
          'a function that runs once after the last of many calls',
          'put| off an action until nobody has called for a while',
        ],
        code: `export function $name(action‹: (...values: unknown[]) => void›, delay‹: number›) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...values), delay);
  };
}`,
      },
      {
        names: ['memoize', 'remember results', 'cached'],
        docs: [
          'remember| the result for each argument',
          'the same function, which computes nothing twice',
          'keep| results in a map',
        ],
        code: `export function $name(compute‹: (key: string) => unknown›) {
  const known = new Map();
  return (key‹: string›) => {
    if (!known.has(key)) known.set(key, compute(key));
    return known.get(key);
  };
}`,
      },
      {
        names: ['in batches', 'batched', 'run limited'],
        docs: [
          'handle| items in groups that run at the same time',
          'go| through all items, a few at a time',
          'the results of all items, computed in batches',
        ],
        code: `export async function $name(items‹: $One[]›, size‹: number›, handle‹: (item: $One) => Promise<void>›) {
  for (let start = 0; start < items.length; start += size) {
    await Promise.all(items.slice(start, start + size).map(handle));
  }
}`,
      },
      {
        names: ['with timeout', 'limited time', 'give up after'],
        docs: [
          'limit| the time that a promise may take',
          'the result of a promise, or an error after some time',
          'end| a wait that takes too long',
        ],
        code: `export function $name(promise‹: Promise<unknown>›, milliseconds‹: number›) {
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error('That took too long')), milliseconds);
  });
  return Promise.race([promise, late]);
}`,
        texts: ['That took too long'],
      },
    ],
  },
  {
    files: ['client', 'fetching', 'remote', 'gateway', 'sync'],
    purposes: ['talk| to the server that knows all $2', 'requests to the service for $2', 'fetch| $2 from elsewhere'],
    functions: [
      {
        names: ['fetch $one', 'download $one', 'request $one'],
        docs: [
          'fetch| one $1 from the server',
          'the $1 that the server has under this id',
          'ask| the server for $1 data',
        ],
        code: `export async function $name(base‹: string›, id‹: string›)‹: Promise<$One>› {
  const response = await fetch(\`\${base}/$many/\${encodeURIComponent(id)}\`);
  if (response.status === 404) throw new Error(\`The server knows no $1 \${id}\`);
  if (!response.ok) throw new Error(\`The server answered with \${response.status}\`);
  return response.json();
}`,
        texts: ['The server answered with'],
      },
      {
        names: ['upload $one', 'send $one', 'post $one'],
        docs: ['send| $1 data to the server', 'upload| one $1 for a new id', 'create| the $1 on the server'],
        code: `export async function $name(base‹: string›, $one‹: $One›)‹: Promise<string>› {
  const body = JSON.stringify($one);
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(\`\${base}/$many\`, { method: 'POST', headers, body });
  const { id } = await response.json();
  return id;
}`,
      },
      {
        names: ['is reachable', 'server alive', 'ping'],
        docs: ['whether the server answers', 'check| that the server is there', 'tell| if the service can be reached'],
        code: `export async function $name(base‹: string›)‹: Promise<boolean>› {
  try {
    const { ok } = await fetch(\`\${base}/health\`);
    return ok;
  } catch {
    return false;
  }
}`,
      },
    ],
  },
  {
    files: ['validation', 'input', 'patterns', 'schema', 'checks'],
    purposes: ['check| what people type in', 'patterns for input', 'rules for valid input'],
    functions: [
      {
        names: ['is email', 'valid email', 'looks like email'],
        docs: [
          'whether a text looks like a mail address',
          'check| the form of a mail address',
          'tell| mail addresses from other texts',
        ],
        code: `export function $name(text‹: string›)‹: boolean› {
  return /^[^\\s@]+@[^\\s@]+\\.[a-z]{2,}$/i.test(text);
}`,
      },
      {
        names: ['parse price', 'to cents', 'read amount'],
        docs: [
          'turn| "12.50" into 1250 cents',
          'the cents of an amount that somebody typed',
          'read| an amount of money with a comma or a point',
        ],
        code: `export function $name(text‹: string›)‹: number› {
  const match = /^(\\d+)(?:[.,](\\d{1,2}))?$/.exec(text.trim());
  if (!match) throw new Error(\`Not an amount: \${text}\`);
  const [, whole, rest = '0'] = match;
  return Number(whole) * 100 + Number(rest.padEnd(2, '0'));
}`,
        texts: ['Not an amount:'],
      },
      {
        names: ['required fields', 'missing fields', 'find gaps'],
        docs: [
          'list| the fields of $1 data that are missing',
          'the names of all empty fields',
          'find| out what somebody forgot to fill in',
        ],
        code: `export function $name(input‹: Record<string, string>›, names‹: string[]›)‹: string[]› {
  return names.filter((name) => (input[name] ?? '').trim() === '');
}`,
      },
      {
        names: ['escape html', 'html safe', 'encode text'],
        docs: [
          'make| a text harmless inside HTML',
          'the text with its special signs replaced',
          'replace| the signs that mean something in HTML',
        ],
        code: `export function $name(text‹: string›)‹: string› {
  const signs = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
  return text.replace(/[&<>]/g, (sign) => signs[sign]);
}`,
      },
    ],
  },
  {
    files: ['events', 'bus', 'messages', 'notifications', 'signals'],
    purposes: [
      'let| parts of the program tell one another what happened',
      'listeners and what they are told',
      'a small bus for events',
    ],
    functions: [
      {
        names: ['create bus', 'make emitter', 'event bus'],
        docs: [
          'a bus on which anybody can listen',
          'create| an emitter without listeners',
          'make| the object through which events travel',
        ],
        code: `export function $name() {
  const listeners = new Map();
  const on = (name‹: string›, listener‹: (value: unknown) => void›) => {
    listeners.set(name, [...(listeners.get(name) ?? []), listener]);
  };
  const emit = (name‹: string›, value‹: unknown›) => {
    for (const listener of listeners.get(name) ?? []) listener(value);
  };
  return { on, emit };
}`,
      },
      {
        names: ['notify all', 'broadcast', 'tell everybody'],
        docs: [
          'send| a message to all who listen',
          'tell| every listener about $2',
          'hand| the message to each listener in turn',
        ],
        code: `export function $name(listeners‹: ((text: string) => void)[]›, text‹: string›)‹: number› {
  let reached = 0;
  for (const listener of listeners) {
    listener(text);
    reached += 1;
  }
  return reached;
}`,
      },
      {
        names: ['log event', 'trace', 'note event'],
        docs: [
          'write| a line with time and level to the console',
          'log| what happened, with the time',
          'print| an event for the log',
        ],
        code: `export function $name(level‹: string›, message‹: string›, details = {})‹: void› {
  const time = new Date().toISOString();
  const extra = Object.keys(details).length === 0 ? '' : \` \${JSON.stringify(details)}\`;
  console.log(\`\${time} [\${level.toUpperCase()}] \${message}\${extra}\`);
}`,
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
          'load| settings, those of the environment on top',
        ],
        code: `export function $name(path = 'config.json') {
  const defaults = { port: 3000, language: 'en', debug: false };
  const own = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  const port = Number(process.env.PORT ?? own.port ?? defaults.port);
  return { ...defaults, ...own, port };
}`,
        imports: [['node:fs', 'existsSync', 'readFileSync']],
      },
      {
        names: ['env flag', 'flag from environment', 'is enabled'],
        docs: [
          'whether a variable of the environment says yes',
          'read| a switch from the environment',
          'check| for "1", "true" or "yes"',
        ],
        code: `export function $name(name‹: string›, fallback = false)‹: boolean› {
  const value = process.env[name];
  return value === undefined ? fallback : ['1', 'true', 'yes'].includes(value.toLowerCase());
}`,
      },
      {
        names: ['merge deep', 'combine settings', 'overlay'],
        docs: [
          'put| one object of settings over another',
          'both objects in one, the second wins',
          'merge| nested settings',
        ],
        code: `export function $name(base‹: Record<string, any>›, over‹: Record<string, any>›)‹: Record<string, any>› {
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const nested = typeof value === 'object' && value !== null && !Array.isArray(value);
    result[key] = nested ? $name(base[key] ?? {}, value) : value;
  }
  return result;
}`,
      },
    ],
  },
];
