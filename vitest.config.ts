import { defineConfig } from 'vitest/config';

const exclude = ['**/node_modules/**', '**/dist/**', '**/runs/**'];

export default defineConfig({
  test: {
    projects: [
      // No network, no processes, fake time: fast enough to run on every save.
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...exclude, '**/*.integration.test.ts', '**/*.slow.test.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      // Real sockets on free ports and real child processes.
      {
        test: {
          name: 'integration',
          include: ['**/*.integration.test.ts'],
          exclude,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          // After the unit tests, so that these find an idle machine.
          sequence: { groupOrder: 1 },
        },
      },
      // As integration, but half a minute and more each: in CI, and by `npm run test:slow`.
      {
        test: {
          name: 'slow',
          include: ['**/*.slow.test.ts'],
          exclude,
          testTimeout: 120_000,
          // They measure rates on a machine that others may share: a disturbed measurement is made again, once.
          retry: 1,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
