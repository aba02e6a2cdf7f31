import { defineConfig } from 'vitest/config';

/** Projects whose tests start local targets. */
const globalSetup = ['test/synthesized-stack.ts'];
/** Start threads of their own, in the test's process. */
const threaded = ['engine/**/*.integration.test.ts', 'local/lambda/**/*.integration.test.ts'];
const exclude = ['**/node_modules/**', '**/dist/**', '**/runs/**'];

export default defineConfig({
  test: {
    projects: [
      // No network, no processes, fake time: fast enough to run on every save.
      {
        test: {
          name: 'unit',
          // CDK validates a synthesized template for seconds: once, for the stack that the integration tests serve.
          env: { CDK_VALIDATION: 'false' },
          include: ['**/*.test.ts'],
          exclude: [...exclude, '**/*.{integration,e2e,e2e-measuring}.test.ts'],
          // Ends a hang; a busy machine is slow.
          testTimeout: 30_000,
          // Pure code has no state to isolate: one thread loads each module once, in half the CPU time.
          pool: 'threads',
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      // Real sockets on free ports and real child processes. The timeouts end a hang; nothing is measured with them.
      {
        test: {
          name: 'integration',
          include: ['**/*.integration.test.ts'],
          globalSetup,
          exclude: [...exclude, ...threaded],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // They wait more than they compute: four at once keep two cores busy.
          maxWorkers: 4,
          // A worker loads each module once, not once a file: half of the CPU time. A test cleans up what it changes of the process.
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
      // A process a file: Node has crashed where files that start and end threads shared one.
      {
        test: {
          name: 'integration-threads',
          include: threaded,
          globalSetup,
          exclude,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      // From the command to the report, kills and Artillery's own runners: `npm run test:e2e`, and CI.
      {
        test: {
          name: 'e2e',
          include: ['**/*.e2e.test.ts'],
          globalSetup,
          exclude,
          testTimeout: 300_000,
          hookTimeout: 60_000,
          maxWorkers: 4,
          isolate: false,
          sequence: { groupOrder: 3 },
        },
      },
      // As e2e, but its figures need a machine that does nothing else.
      {
        test: {
          name: 'e2e-measuring',
          include: ['**/*.e2e-measuring.test.ts'],
          globalSetup,
          exclude,
          testTimeout: 300_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
