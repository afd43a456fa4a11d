import type { Program } from '../program.ts';
import { innerProgram, list, tool, version } from './shared.ts';

/** Dart and Flutter. */

const dartTest = tool({
  long: list('coverage no-pub fail-fast run-skipped no-color color verbose no-test-assets'),
  values: {
    n: 'text',
    name: 'text',
    N: 'text',
    'plain-name': 'text',
    t: 'text',
    tags: 'text',
    x: 'text',
    'exclude-tags': 'text',
    r: ['compact', 'expanded', 'json', 'github', 'failures-only'],
    reporter: ['compact', 'expanded', 'json', 'github', 'failures-only'],
    j: 'number',
    concurrency: 'number',
    timeout: /^(?:\d+[smx]?|none)$/,
    p: ['vm', 'chrome', 'node'],
    platform: ['vm', 'chrome', 'node'],
  },
  operands: 'test',
});
const dartAnalyze = tool({
  long: list('fatal-infos fatal-warnings no-fatal-infos no-fatal-warnings no-pub current-package'),
  values: { format: ['default', 'json', 'machine'] },
  operands: 'read',
});
const dartFormat = tool({
  long: ['set-exit-if-changed'],
  values: {
    o: ['none', 'show', 'json'],
    output: ['none', 'show', 'json'],
    l: 'number',
    'line-length': 'number',
    'page-width': 'number',
  },
  needs: ['o', 'output'],
  operands: 'read',
});
export const dart: readonly Program[] = [
  {
    names: ['dart', 'flutter'],
    read: version('runs', '--version'),
    forms: {
      commands: {
        test: dartTest,
        analyze: dartAnalyze,
        format: dartFormat,
        'pub deps': tool({
          long: ['no-dev', 'json'],
          values: { s: ['compact', 'tree', 'list'], style: ['compact', 'tree', 'list'] },
        }),
        fix: tool({ flags: 'n', long: ['dry-run'], needs: ['dry-run', 'n'] }),
        info: tool({}),
        doctor: tool({ flags: 'v' }),
      },
    },
    match: [
      'dart test',
      "flutter test test/cart_test.dart --name 'adds'",
      'dart analyze --fatal-infos',
      'dart format --output=none --set-exit-if-changed .',
      'flutter analyze',
      'flutter doctor',
      'dart --version',
    ],
    noMatch: [
      'dart',
      'dart x.dart',
      'dart run',
      'dart format .',
      'dart format --set-exit-if-changed .',
      'dart format --output=write .',
      'dart fix --apply',
      'dart pub get',
      'dart compile exe x.dart',
      'flutter run',
      'flutter build apk',
      'flutter test --update-goldens',
      'flutter pub add x',
      'dart test --coverage=../x',
    ],
  },
  {
    names: ['fvm'],
    runs: (words) => innerProgram(words, {}, new Set(['dart', 'flutter'])),
    match: ['fvm flutter test'],
    noMatch: ['fvm', 'fvm use 3', 'fvm flutter run', 'fvm exec x'],
  },
];
