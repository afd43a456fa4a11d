import { execFile } from 'node:child_process';
import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * The floor: the least that an agent behind `POST /chat/stream` can be. One process, six short tools, no history
 * rewriting, no gate, no log. Benches run it beside Drover, on the same tasks and in the same run: what Drover takes more is the
 * price of what it does more. `node test/bench/floor.ts --port N --workspace DIR --model-endpoint URL` prints
 * `listening PORT`, as `drover serve` does.
 */

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    workspace: { type: 'string', default: '.' },
    'model-endpoint': { type: 'string', default: '' },
  },
});
const root = resolve(values.workspace);
const endpoint = new URL(`${values['model-endpoint']}/v1/chat/completions`);
const agent = new Agent({ keepAlive: true });
const system = 'You are a coding agent. Work in the workspace with the tools. Paths are relative. Answer briefly.';

/** All parameters of all tools: the model's word is taken for it. */
interface Args {
  path?: string;
  content: string;
  old_text: string;
  new_text: string;
  pattern: string;
  command: string;
  start_line?: number;
  max_lines?: number;
}
type Run = (args: Args) => string | Promise<string>;
const run: Record<string, Run> = {
  file_read: ({ path = '', start_line: start = 1, max_lines: max = 500 }) => {
    const lines = readFileSync(join(root, path), 'utf8').split('\n');
    return lines.slice(start - 1, start - 1 + max).join('\n');
  },
  file_write: ({ path = '', content }) => {
    writeFileSync(join(root, path), content);
    return 'written';
  },
  file_edit: ({ path = '', old_text: before, new_text: after }) => {
    const file = join(root, path);
    const parts = readFileSync(file, 'utf8').split(before);
    if (parts.length !== 2) return `old_text is there ${parts.length - 1} times`;
    writeFileSync(file, parts.join(after));
    return 'edited';
  },
  glob: ({ pattern }) => globSync(pattern, { cwd: root }).join('\n'),
  grep: ({ pattern, path = '.' }) => {
    const wanted = new RegExp(pattern);
    const files = globSync(`${path}/**`, { cwd: root }).filter((file) => statSync(join(root, file)).isFile());
    const hits = files.flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .flatMap((line, n) => (wanted.test(line) ? [`${file}:${n + 1}:${line}`] : [])),
    );
    return hits.join('\n');
  },
  bash: ({ command }) =>
    new Promise((done) => {
      execFile('bash', ['-c', command], { cwd: root }, (error, out, err) =>
        done(`${out}${err}exit ${error?.code ?? 0}`),
      );
    }),
};

const schemas: Record<string, [description: string, required: string[], optional?: string[]]> = {
  file_read: ['Read a file.', ['path'], ['start_line', 'max_lines']],
  file_write: ['Write a file.', ['path', 'content']],
  file_edit: ['Replace a text that is there once.', ['path', 'old_text', 'new_text']],
  glob: ['Find files.', ['pattern']],
  grep: ['Search file contents.', ['pattern'], ['path']],
  bash: ['Run a command.', ['command']],
};
const tools = Object.entries(schemas).map(([name, [description, required, optional = []]]) => {
  const type = (field: string) => ({ type: field.endsWith('s') || field.endsWith('line') ? 'integer' : 'string' });
  const properties = Object.fromEntries([...required, ...optional].map((field) => [field, type(field)]));
  return { type: 'function', function: { name, description, parameters: { type: 'object', properties, required } } };
});

interface Call {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}
type Delta = {
  content?: string | null;
  tool_calls?: { index: number; id?: string; function: { name?: string; arguments: string } }[];
};
const chats = new Map<string, object[]>();

const server = createServer((request, response) => void turn(request, response));
server.listen(Number(values.port), '127.0.0.1', () => {
  const address = server.address();
  console.log(`listening ${typeof address === 'object' ? address?.port : address}`);
});

async function turn(asked: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of asked) body += String(chunk);
  const { message, session_id: id = 'one' } = JSON.parse(body) as { message: string; session_id?: string };
  const messages = chats.get(id) ?? [{ role: 'system', content: system }];
  chats.set(id, messages);
  messages.push({ role: 'user', content: message });
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (;;) {
    const calls = await ask(messages, (text) => response.write(`data: ${JSON.stringify({ type: 'text', text })}\n\n`));
    for (const call of calls) {
      const result = await run[call.function.name]?.(JSON.parse(call.function.arguments) as Args);
      messages.push({ role: 'tool', tool_call_id: call.id, content: result ?? 'no such tool' });
    }
    if (calls.length === 0) break;
  }
  response.end(`data: ${JSON.stringify({ type: 'turn.end', reason: 'done' })}\n\n`);
}

/** One model call: streams the text out, adds the answer to the messages, returns the calls. */
async function ask(messages: object[], say: (text: string) => void): Promise<Call[]> {
  const answer = { role: 'assistant', content: '', tool_calls: new Array<Call>() };
  for await (const delta of deltas(JSON.stringify({ model: 'any', messages, tools, stream: true }))) {
    if (delta.content) {
      answer.content += delta.content;
      say(delta.content);
    }
    for (const { index, id = '', function: fragment } of delta.tool_calls ?? []) {
      const call = (answer.tool_calls[index] ??= {
        id,
        type: 'function',
        function: { name: fragment.name ?? '', arguments: '' },
      });
      call.function.arguments += fragment.arguments;
    }
  }
  const { tool_calls: calls, ...plain } = answer;
  messages.push(calls.length > 0 ? answer : plain);
  return calls;
}

async function* deltas(body: string): AsyncGenerator<Delta> {
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    request(endpoint, { method: 'POST', agent }, resolve).on('error', reject).end(body);
  });
  let rest = '';
  for await (const chunk of reply.setEncoding('utf8')) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('data: {')) continue;
      const { choices } = JSON.parse(line.slice(6)) as { choices: { delta: Delta }[] };
      if (choices[0]) yield choices[0].delta;
    }
  }
}
