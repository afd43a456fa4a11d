import type { Program } from '../program.ts';
import { entry, list, name, tool, version } from './shared.ts';

/** Elixir, Erlang and Gleam: a build file or a test of the repository is run by each. */

const mixTest = tool({
  long: list('trace failed stale cover warnings-as-errors no-color color no-start no-deps-check all-warnings'),
  values: {
    only: name,
    exclude: name,
    include: name,
    seed: 'number',
    'max-failures': 'number',
    slowest: 'number',
    timeout: 'number',
    partitions: 'number',
    repeat_until_failure: 'number',
  },
  operands: 'test',
});
export const elixir: readonly Program[] = [
  {
    names: ['mix'],
    read: version('runs', '--version', '-v'),
    forms: {
      commands: {
        test: mixTest,
        compile: tool({ long: list('warnings-as-errors all-warnings force no-deps-check no-optional-deps no-color') }),
        format: tool({
          long: ['check-formatted', 'dry-run', 'no-color'],
          needs: ['check-formatted', 'dry-run'],
          operands: 'read',
        }),
        credo: tool({
          flags: 'aA',
          long: list('strict all all-priorities verbose no-color mute-exit-status'),
          values: { format: ['oneline', 'json', 'flycheck', 'sarif', 'short'] },
          operands: { first: [/^(?:list|suggest|explain|diff)$|^(?!.*\.\.)\w[\w./:-]*$/], rest: 'test' },
        }),
        dialyzer: tool({
          long: list('no-check quiet ignore-exit-status'),
          values: { format: ['short', 'raw', 'dialyxir', 'dialyzer', 'github'] },
        }),
        sobelow: tool({ long: list('quiet verbose compact') }),
        help: tool({ operands: name }),
        deps: tool({ long: ['all'] }),
        'deps.tree': tool({ operands: name }),
        'deps.unlock': tool({ long: ['check-unused'], needs: ['check-unused'] }),
        'hex.info': { does: 'asks' },
        'app.tree': tool({}),
        'phx.routes': tool({ operands: name }),
        'xref graph': tool({
          values: { format: ['stats', 'cycles', 'pretty'], label: ['compile', 'compile-connected', 'runtime'] },
        }),
        'xref callers': tool({ operands: name }),
        docs: tool({}),
        lint: tool({}),
        check: tool({}),
        ci: tool({}),
        precommit: { does: 'asks' },
      },
    },
    match: [
      'mix test',
      'mix test test/a_test.exs:10 --trace',
      'mix compile --warnings-as-errors',
      'mix format --check-formatted',
      'mix credo --strict',
      'mix dialyzer',
      'mix deps.tree',
      'mix --version',
    ],
    noMatch: [
      'mix',
      "mix run -e 'x'",
      "mix eval 'x'",
      'mix format',
      'mix deps.get',
      'mix ecto.reset',
      'mix test --formatter Evil',
      'mix test -r evil.exs',
      'mix do test + run',
      'mix cmd ./x',
      'mix phx.server',
      'mix release',
      'mix credo -C evil',
      'mix credo --config-file evil.exs',
      'mix test ../other',
    ],
  },
  {
    names: ['elixir', 'iex', 'elixirc'],
    // Some versions read a `.erlang` in the folder.
    read: version('runs', '--version', '-v'),
    match: ['elixir --version', 'iex --version'],
    noMatch: ['elixir', "elixir -e 'x'", 'elixir x.exs', 'iex -S mix', 'elixir -v x.exs'],
  },
  entry(
    'rebar3',
    {
      commands: Object.fromEntries(
        [
          'eunit',
          'ct',
          'compile',
          'dialyzer',
          'xref',
          'lint',
          'tree',
          'deps',
          'cover',
          'as test eunit',
          'as test compile',
          'version',
        ].map((each) => [
          each,
          tool({ flags: 'vc', long: ['verbose', 'cover'], values: { module: name, suite: 'read', case: name } }),
        ]),
      ),
    },
    ['rebar3 eunit', 'rebar3 ct --suite test/cart_SUITE', 'rebar3 dialyzer'],
    [
      'rebar3 shell',
      'rebar3 release',
      'rebar3 upgrade',
      'rebar3 fmt',
      'rebar3 clean',
      'rebar3 eunit --sys_config evil',
    ],
  ),
  entry(
    'gleam',
    {
      commands: {
        test: tool({ values: { target: ['erlang', 'javascript'] } }),
        check: tool({ values: { target: ['erlang', 'javascript'] } }),
        build: tool({ long: ['warnings-as-errors'], values: { target: ['erlang', 'javascript'] } }),
        format: tool({ long: ['check'], needs: ['check'], operands: 'read' }),
      },
    },
    ['gleam test', 'gleam format --check src', 'gleam --version'],
    ['gleam run', 'gleam format', 'gleam publish', 'gleam add x', 'gleam test -- x'],
  ),
];
