import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { childEnvironment } from '../../src/node/environment.ts';
import { createCapture } from '../../src/node/output.ts';
import { Sandbox } from '../../src/node/sandbox.ts';
import type { Shut } from '../../src/common/tool.ts';
import { run } from '../../src/node/spawn.ts';

export const never = new AbortController().signal;

/** A workspace (`shop`) and a home beside each other, and commands that are shut in there. */
export class Contained {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), 'drover-contained-')));
  readonly root: string;
  readonly home: string;
  readonly taken = join(this.base, 'state/taken');
  readonly sandbox: Sandbox;
  private readonly environment: Record<string, string>;

  constructor(
    managed: string,
    {
      shop = 'shop',
      environment = {},
      mostNames,
      home,
    }: { shop?: string; environment?: Record<string, string>; mostNames?: number; home?: string } = {},
  ) {
    this.root = join(this.base, shop);
    this.home = home ?? join(this.base, 'home');
    mkdirSync(this.root, { recursive: true });
    mkdirSync(this.home, { recursive: true });
    this.environment = { ...childEnvironment(process.env, [this.root]), HOME: this.home, ...environment };
    this.sandbox = new Sandbox({
      plan: {
        managed,
        temporary: join(this.base, 'tmp/one'),
        taken: this.taken,
        hidden: [join(this.base, 'state'), join(this.base, 'config')],
      },
      roots: [this.root],
      home: this.home,
      environment: this.environment,
      ...(mostNames === undefined ? {} : { mostNames }),
    });
  }

  put(path: string, text = 'text\n', mode = 0o644): string {
    const whole = join(this.base, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, text, { mode });
    return whole;
  }

  /** Runs a command line as the tool `bash` does; `shut`: as one that only looks. */
  async inside(
    command: string,
    shut: Shut = this.sandbox,
  ): Promise<{ text: string; code: number | null; notes: string[] }> {
    const capture = createCapture(20_000);
    const entered = await shut.enter(command, never);
    const ended = await run({
      command: 'bash',
      args: ['--noprofile', '--norc', '-c', entered.command],
      cwd: this.root,
      env: { ...this.environment, ...entered.environment },
      signal: never,
      timeout: 60_000,
      output: (bytes, stream) => capture.push(bytes, stream),
    });
    return { text: capture.end().text, code: ended.code, notes: entered.leave() };
  }

  remove(): void {
    this.sandbox.close();
    rmSync(this.base, { recursive: true, force: true });
  }
}
