import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ['test/setup.ts'],
    pool: 'forks',
    // A process reads the program once, not once for each of two hundred files: that was a fifth of the whole run's CPU.
    isolate: false,
    // Vitest leaves one core to its own main process, which has nothing to do: of two cores that is half.
    maxWorkers: '100%',
    // Makes @sparticuz/chromium lay out the libraries it carries (libnss3 …), so that no system package is needed.
    env: { AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' },
  },
})
