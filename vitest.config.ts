import { defineConfig } from 'vitest/config'

const LONG = 'test/faults/**/*.long.test.ts'

/** What is awaited takes milliseconds; so long only a busy machine needs, or what never comes. */
const PATIENT = { poll: { timeout: 15_000 } }

export default defineConfig({
  test: {
    // The tests mostly wait for other processes, so a third one runs beside two busy cores.
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: 'unit',
          expect: PATIENT,
          include: ['src/**/*.test.ts', 'sandbox/**/*.test.ts', 'scripts/**/*.test.ts'],
          setupFiles: ['test/support/property-seed.ts'],
          restoreMocks: true,
          // Hundreds of made-up inputs take long on a machine that is busy with something else.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'e2e',
          expect: PATIENT,
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**', 'test/faults/**'],
          setupFiles: ['test/support/property-seed.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Kills and outages, of each kind enough to notice what breaks.
        test: {
          name: 'faults',
          expect: PATIENT,
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
          expect: PATIENT,
          include: [LONG],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          expect: PATIENT,
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
