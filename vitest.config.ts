import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Where a machine wants to read the results (JSON); people read the default report. */
const results = process.env.TEST_RESULTS;

/**
 * Tests of whole hunts, those that start the program or a server as a process of its own, and those that take long by
 * themselves. They lie beside the others; `npm test` starts the program a few times only (test/program-runs.test.ts).
 */
const programTests = ['test/**/*.program.test.ts'];

/** Suites that need another toolchain are projects of their own: `npm test` needs Node alone. */
export default defineConfig({
  test: {
    globalSetup: 'test/support/report-page.ts',
    // Most tests wait for a server, for half of their time or more.
    maxWorkers: Math.ceil(1.5 * availableParallelism()),
    reporters: results ? ['default', ['json', { outputFile: results }]] : ['default'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...programTests, 'test/go/**', 'test/targets/**', 'test/setups/**', 'test/browser/**'],
          testTimeout: 120_000,
          // Modules are evaluated once for each worker, not for each file: no test changes one.
          isolate: false,
        },
      },
      {
        test: {
          name: 'program',
          include: programTests,
          // Of a machine that has much else to do; on a quiet one the longest takes 40 s.
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'fuzz',
          include: ['test/fuzz/**/*.fuzz.ts'],
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'go',
          include: ['test/go/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'targets',
          include: ['test/targets/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 600_000,
          // Two at once: they wait for rests and for builds most of the time.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'setups',
          include: ['test/setups/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
