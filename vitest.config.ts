import { defineConfig, type TestProjectConfiguration } from 'vitest/config';

/** One project a layer: its folder, and how long one of its tests may take, in milliseconds. */
function layer(name: string, testTimeout: number, more: Record<string, unknown> = {}): TestProjectConfiguration {
  const include = [`test/${name}/**/*.test.{ts,tsx}`];
  return { extends: true, test: { name, include, testTimeout, hookTimeout: Math.max(testTimeout, 30_000), ...more } };
}

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    // States are waited for, on slow machines too.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      layer('unit', 30_000),
      layer('process', 60_000),
      layer('panel', 60_000),
      layer('engine', 120_000),
      layer('e2e', 60_000, { globalSetup: 'test/e2e/setup.ts' }),
    ],
  },
});
