import { defineConfig } from 'vitest/config'

const LONG = 'test/faults/**/*.long.test.ts'

export default defineConfig({
  test: {
    // The tests mostly wait for other processes, so a third one runs beside two busy cores.
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
          restoreMocks: true,
          // Hundreds of made-up inputs take long on a machine that is busy with something else.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**', 'test/faults/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Kills and outages, of each kind enough to notice what breaks.
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          exclude: [LONG],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        // All steps, three days of outage: minutes of work, so `npm test` leaves them to `npm run test:faults`.
        test: {
          name: 'faults-long',
          include: [LONG],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
