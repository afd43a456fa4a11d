import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, runTool } from '../../scripts/child.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { replyTo, text } from '../support/modelServer/script.ts';
import { makePlace, type Place, root } from '../support/place.ts';

const start = path.join(root, 'scripts', 'start.ts');

describe('the options of npm start', () => {
  it.each([['--fast'], ['--no-auth'], ['--check', '--headless'], ['--stop', '--headless'], ['somewhere']])(
    'refuses %s with a sentence',
    async (...args) => {
      const ran = await runTool(start, args);
      expect(ran.code).toBe(2);
      expect(ran.output).toMatch(/^[^\n]+\.\nUsage: npm start/);
    },
  );

  it('tells them', async () => {
    const ran = await runTool(start, ['--help']);
    expect(ran.code).toBe(0);
    expect(ran.output).toContain('--headless');
  });
});

describe.skipIf(process.platform === 'win32')('npm start -- --headless', () => {
  let place: Place;
  let model: ModelServer;
  beforeAll(async () => {
    place = await makePlace();
    model = await startModelServer({ script: [{ ...replyTo(/./, text('It sells tea.')), repeat: true }] });
  });
  afterAll(async () => {
    await model.close();
    await place.remove();
  });

  it('prints curl lines that work as they stand, and ends on Ctrl+C', async () => {
    const environment = { ...place.environment, VLLM_ENDPOINT: `${model.url}/v1` };
    const child = spawn(process.execPath, [start, '--headless'], { env: environment });
    let said = '';
    const ready = new Promise<void>((resolve) => {
      child.stdout.on('data', (piece) => {
        said += String(piece);
        if (said.includes('Ctrl+C ends it.')) resolve();
      });
    });
    await ready;
    const script = said.split('\n').filter((line) => /^(?:TOKEN=|curl )/.test(line));
    expect(script.length).toBe(5);
    const answers = await run('bash', [
      '-c',
      script.map((line) => line.replace(/^curl/, 'curl -sS --fail-with-body')).join('\n'),
    ]);
    expect(answers.output).toContain('"coding"');
    expect(answers.output).toContain('It sells tea.');
    expect(answers.code).toBe(0);

    const temporary = path.join(place.folder, 'temporary');
    await mkdir(temporary);
    const second = await runTool(start, ['--headless'], { environment: { ...environment, TMPDIR: temporary } });
    expect(second.output).toMatch(
      /^A supervisor already runs for this state folder: .+\.\nUse that one, or end it with `npm start -- --stop`\.\n$/,
    );
    expect(second.code).toBe(1);
    expect(readdirSync(temporary)).toEqual([]);

    const ended = once(child, 'exit');
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
    const [, copy = ''] = /sample: copied to (\S+)/.exec(said) ?? [];
    expect(readFileSync(path.join(copy, 'README.md'), 'utf8')).toContain('# shop');
    await rm(path.dirname(copy), { recursive: true });
  });

  it('is ended by npm start -- --stop', async () => {
    const { environment } = place;
    const none = await runTool(start, ['--stop'], { environment });
    expect(none).toMatchObject({ code: 0, output: expect.stringContaining('No supervisor runs') });
    const serving = spawn(process.execPath, [path.join(root, 'dist', 'cli.js'), 'serve'], { env: environment });
    const ended = once(serving, 'exit');
    await once(serving.stdout, 'data');
    expect(await runTool(start, ['--stop'], { environment })).toMatchObject({ code: 0, output: 'Stopped.\n' });
    expect(await ended).toEqual([0, null]);
  });
});
