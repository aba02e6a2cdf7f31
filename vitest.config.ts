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
          exclude: [...exclude, '**/*.integration.test.ts'],
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
    ],
  },
});
