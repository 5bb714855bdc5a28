import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Makes @sparticuz/chromium lay out the libraries it carries (libnss3 …), so that no system package is needed.
    env: { AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' },
  },
})
