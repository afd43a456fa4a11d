import { type Form, type Given, pathOf } from '../form.ts';
import { type Commands, type Program, readForms, type Reading } from '../program.ts';
import { configuration, entry, except, list, name, tool, version } from './shared.ts';

/** Swift and Xcode: the manifest of a package is a program as well. */

const swiftBuild: Form = tool({
  flags: 'vq',
  long: list(
    'verbose quiet build-tests enable-code-coverage parallel show-bin-path list-tests skip-build disable-automatic-resolution no-parallel',
  ),
  values: {
    c: ['debug', 'release'],
    configuration: ['debug', 'release'],
    filter: 'text',
    skip: 'text',
    target: name,
    product: name,
    'test-product': name,
    'package-path': 'read',
    j: 'number',
    jobs: 'number',
    'num-workers': 'number',
    sanitize: ['address', 'thread', 'undefined'],
  },
});
const xcode: Form = {
  does: 'runs',
  oneDash: true,
  long: list('quiet verbose list json showdestinations showTestPlans hideShellScriptEnvironment'),
  values: {
    scheme: 'text',
    project: 'read',
    workspace: 'read',
    destination: 'text',
    configuration: name,
    sdk: /^[a-z]+[\d.]*$/,
    target: 'text',
    testPlan: 'text',
    arch: name,
    enableCodeCoverage: ['YES', 'NO'],
    'parallel-testing-enabled': ['YES', 'NO'],
    jobs: 'number',
  },
  operands: list('build test analyze build-for-testing test-without-building'),
};
const swiftForms: Commands = {
  commands: {
    test: swiftBuild,
    'test list': swiftBuild,
    build: swiftBuild,
    'package describe': tool({ values: { type: ['text', 'json', 'mermaid'] } }),
    'package show-dependencies': tool({ values: { format: ['text', 'dot', 'json', 'flatlist'] } }),
    'package dump-package': tool({}),
    'package tools-version': tool({}),
    'format lint': tool({ flags: 'rps', long: ['recursive', 'parallel', 'strict'], operands: 'read' }),
  },
};

/** `swift package --package-path DIR describe`. */
function readPackage([command, option, folder, ...words]: readonly Given[]): Reading | undefined {
  if (command?.text !== 'package' || option?.text !== '--package-path' || folder === undefined) return undefined;
  const { paths, does } = readForms(swiftForms, [command, ...words]);
  return { paths: [pathOf(folder), ...paths], does };
}

export const swift: readonly Program[] = [
  {
    names: ['swift'],
    read: (words) => version('runs', '--version', '-version', '-v')(words) ?? readPackage(words),
    forms: swiftForms,
    match: [
      'swift test',
      'swift test --filter Foo --parallel',
      'swift build -c release',
      'swift package describe',
      'swift package --package-path swift describe --type json',
      'swift --version',
    ],
    noMatch: [
      'swift',
      'swift run',
      'swift x.swift',
      "swift -e 'x'",
      'swift test --disable-sandbox',
      'swift build -Xlinker -x',
      'swift build --scratch-path src',
      'swift build --toolset evil.json',
      'swift test --package-path ../other',
      'swift package update',
      'swift package --package-path ../x describe',
      'swift package --package-path x update',
      'swift package plugin x',
      'swift package clean',
      'swift format -i .',
    ],
  },
  entry(
    'swiftc',
    {
      does: 'runs',
      oneDash: true,
      long: list('typecheck parse dump-ast version'),
      values: { 'swift-version': ['5', '6'], sdk: /^[a-z]+[\d.]*$/ },
      needs: list('typecheck parse dump-ast version'),
      responseFiles: true,
      operands: 'read',
    },
    ['swiftc -typecheck Sources/App/main.swift', 'swiftc -parse a.swift b.swift'],
    [
      'swiftc a.swift',
      'swiftc -typecheck -load-plugin-library x a.swift',
      'swiftc -typecheck @args',
      'swiftc -typecheck ../a.swift',
    ],
  ),
  entry(
    'swiftlint',
    except(
      tool({
        flags: 'q',
        long: list('strict quiet no-cache lenient force-exclude progress'),
        values: {
          path: 'read',
          reporter: list(
            'xcode json csv checkstyle junit html emoji github-actions-logging summary sonarqube markdown',
          ),
          config: configuration(/\.swiftlint\.yml/),
        },
        operands: 'read',
      }),
      'autocorrect analyze baseline docs generate-docs reporters init',
    ),
    ['swiftlint', 'swiftlint lint --strict Sources'],
    [
      'swiftlint --fix',
      'swiftlint autocorrect',
      'swiftlint lint --config evil.yml',
      'swiftlint lint --output x',
      'swiftlint lint --write-baseline x',
    ],
  ),
  entry(
    'swiftformat',
    tool({
      flags: 'v',
      long: ['lint', 'strict', 'dryrun', 'quiet', 'verbose', 'lenient'],
      needs: ['lint', 'dryrun'],
      operands: 'read',
    }),
    ['swiftformat --lint .', 'swiftformat Sources --lint --quiet', 'swiftformat --version'],
    [
      'swiftformat .',
      'swiftformat --lint --output x .',
      'swiftformat --lint --config evil .',
      'swiftformat --lint --report x .',
    ],
  ),
  {
    names: ['xcodebuild'],
    read: version('looks', '-version', '-showsdks'),
    forms: xcode,
    match: [
      'xcodebuild -list',
      'xcodebuild -version',
      "xcodebuild test -scheme App -destination 'platform=iOS Simulator,name=iPhone 15'",
      'xcodebuild -project App.xcodeproj -scheme App build -quiet',
    ],
    noMatch: [
      'xcodebuild install',
      'xcodebuild clean',
      'xcodebuild archive',
      'xcodebuild -exportArchive -archivePath x',
      'xcodebuild test -scheme App OTHER_SWIFT_FLAGS=x',
      'xcodebuild -derivedDataPath src build',
      'xcodebuild -xcconfig evil.xcconfig build',
      'xcodebuild -resultBundlePath x test',
      'xcodebuild -showBuildSettings',
      'xcodebuild -project ../x.xcodeproj build',
    ],
  },
  {
    names: ['xcrun'],
    forms: {
      commands: {
        'simctl list': {
          long: ['json'],
          flags: 'jv',
          operands: ['devices', 'runtimes', 'devicetypes', 'available', 'booted'],
        },
      },
    },
    read: version('looks', '--version', '--show-sdk-path', '--show-sdk-version', '--show-sdk-platform-path'),
    match: ['xcrun simctl list devices', 'xcrun --show-sdk-path'],
    noMatch: [
      'xcrun',
      'xcrun ./x',
      'xcrun clang a',
      'xcrun id',
      'xcrun simctl erase all',
      'xcrun swift x.swift',
      'xcrun simctl spawn booted x',
    ],
  },
];
