import { describe, expect, test } from 'vitest';
import { classify, startProblem } from '../../../../server/engines/failures.ts';
import type { GgufHeader } from '../../../../server/engines/gguf.ts';
import { listeningPort, serverArguments } from '../../../../server/engines/llamaServer.ts';
import { defaultContext } from '../../../../server/engines/managed.ts';
import { endpointUrl } from '../../../../server/engines/remote.ts';
import { controlTokens, knowsChatml, mentionsTools } from '../../../../server/engines/template.ts';

const header: GgufHeader = {
  path: '/m/x.gguf',
  size: 1,
  architecture: 'llama',
  name: undefined,
  trained: 32_768,
  cacheBytes: 131_072,
  templates: [],
  special: [],
};

describe('starting llama-server', () => {
  const options = {
    model: header,
    alias: 'x',
    slots: 2,
    context: 1000,
    template: '/t.jinja',
    adapter: undefined,
    args: ['-ngl', '9'],
  };

  test('a build is only given the flags that it knows', () => {
    const recent = ['--alias', '--no-ui', '--no-webui', '--metrics', '--jinja', '-sps', '--chat-template-file'];
    const sent = serverArguments({ ...options, server: { flags: new Set(recent) } });
    expect(sent.join(' ')).toBe(
      '-m /m/x.gguf --host 127.0.0.1 --port 0 -np 2 -c 2000 --alias x --no-ui --metrics --jinja -sps 0 --chat-template-file /t.jinja -ngl 9',
    );
    const old = serverArguments({ ...options, server: { flags: new Set(['--no-webui']) } });
    expect(old.join(' ')).toBe('-m /m/x.gguf --host 127.0.0.1 --port 0 -np 2 -c 2000 --no-webui -ngl 9');
  });

  test('an adapter is loaded where the build takes one; its path may hold a comma', () => {
    const server = { flags: new Set(['--lora']) };
    const base = '-m /m/x.gguf --host 127.0.0.1 --port 0 -np 2 -c 2000';
    const sent = (adapter: string): string => serverArguments({ ...options, adapter, server }).join(' ');
    expect(sent('/a/first-run.gguf')).toBe(`${base} --lora /a/first-run.gguf -ngl 9`);
    expect(sent('/a, b/first-run.gguf')).toBe(`${base} --lora "/a, b/first-run.gguf" -ngl 9`);
    const old = serverArguments({ ...options, adapter: '/a/first-run.gguf', server: { flags: new Set() } });
    expect(old.join(' ')).toBe(`${base} -ngl 9`);
  });

  test.each([
    ['0.00.299.834 I srv  llama_server: listening on http://127.0.0.1:43369', 43_369],
    ['main: server is listening on http://127.0.0.1:8081 - starting the main loop', 8081],
    ['main: HTTP server is listening, hostname: 127.0.0.1, port: 8082, http threads: 7', 8082],
    ['srv  load_model: loading model', undefined],
  ])('the port is in: %s', (line, port) => {
    expect(listeningPort(line)).toBe(port);
  });

  test.each([
    ["0.00.013.286 E srv start: couldn't bind HTTP server socket, hostname: 127.0.0.1, port: 1", 'server_port'],
    [
      '0.00.003.779 E llama_model_load_from_file_impl: no backends are loaded. hint: use ggml_backend_load()',
      'server_backend',
    ],
    ['0.00.202.327 E ggml_aligned_malloc: insufficient memory (attempted to allocate 17583.75 MB)', 'memory'],
    [
      'ggml_backend_cuda_buffer_type_alloc_buffer: allocating 9000 MiB on device 0: cudaMalloc failed: out of memory',
      'memory',
    ],
    ["llama_model_load: error loading model: unknown model architecture: 'qwen9'", 'server_old'],
    ["llama_model_load: error loading model: tensor 'a' data is not within the file bounds", 'model_damaged'],
    ['error while handling argument "-c": stoi', 'server_flag'],
    ['0.00.000.001 E something new', 'server_failed'],
  ])('why it failed is in: %s', (line, code) => {
    const exit = { code: 1, signal: null };
    const failure = classify(['0.00.000.001 I srv init', line, '0.1 E srv exiting due to model loading error'], exit);
    const problem = startProblem(failure, { model: '/m/x.gguf', adapter: undefined, log: '/log' });
    expect(problem.code).toBe(code);
    expect(problem.message).not.toContain('0.00');
    expect(problem.message).toMatch(/\.$/);
  });

  test('without a word it is told how it ended', () => {
    const failure = classify([], { code: null, signal: 'SIGABRT' });
    expect(startProblem(failure, { model: '/m', adapter: undefined, log: '/log' }).message).toBe(
      'llama-server could not be started: it was ended by SIGABRT.',
    );
  });

  test('the context is what an agent needs, as far as model and memory go', () => {
    const gigabytes = (count: number): number => count * 2 ** 30;
    expect(defaultContext(header, 2, gigabytes(64))).toBe(16_384);
    expect(defaultContext({ ...header, trained: 8192 }, 2, gigabytes(64))).toBe(8192);
    // A quarter of 8 GB over two slots at 128 KiB a token.
    expect(defaultContext(header, 2, gigabytes(8))).toBe(8192);
    expect(defaultContext(header, 2, gigabytes(1))).toBe(4096);
    expect(defaultContext({ trained: undefined, cacheBytes: undefined }, 2)).toBe(4096);
  });
});

describe('templates and control tokens', () => {
  test('tools in any of the templates count', () => {
    expect(mentionsTools(["{{ message['content'] }}"])).toBe(false);
    expect(mentionsTools(['{{ x }}', '{% if tools %}'])).toBe(true);
    expect(mentionsTools([])).toBe(false);
  });

  test('ChatML needs both marks, as control tokens', () => {
    const start = { text: '<|im_start|>', control: true };
    expect(knowsChatml({ ...header, special: [start, { text: '<|im_end|>', control: true }] })).toBe(true);
    expect(knowsChatml({ ...header, special: [start, { text: '<|im_end|>', control: false }] })).toBe(false);
    expect(knowsChatml({ ...header, special: [start] })).toBe(false);
  });

  test('what code may contain and what means nothing is left out', () => {
    const special = [
      { text: '<end_of_turn>', control: true },
      { text: '<unused42>', control: true },
      { text: '<|reserved_special_token_7|>', control: true },
      { text: '<h1>', control: false },
      { text: '\n\n', control: false },
      { text: '<tool_response>', control: false },
      { text: '<|fim_prefix|>', control: false },
      { text: '<step3>', control: false },
    ];
    expect(controlTokens({ ...header, special, templates: ['{{ "<step3>" }}'] })).toEqual([
      '<end_of_turn>',
      '<tool_response>',
      '<|fim_prefix|>',
      '<step3>',
    ]);
  });
});

describe('an address of a model server', () => {
  test.each([
    ['localhost:11434', 'http://localhost:11434/v1'],
    ['http://localhost:1234/v1/', 'http://localhost:1234/v1'],
    ['https://box.example/llm/v1/chat/completions', 'https://box.example/llm/v1'],
    [' http://[::1]:8080 ', 'http://[::1]:8080/v1'],
  ])('%s is %s', (given, url) => {
    expect(endpointUrl(given)).toBe(url);
  });

  test.each(['', 'ftp://x', 'http://', 'not an address', 'nonsense'])('%j is none', (given) => {
    expect(() => endpointUrl(given)).toThrow('is no address of a model server');
  });
});
