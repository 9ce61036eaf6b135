import { defineConfig } from 'vitest/config'

const generated = ['**/node_modules/**', '**/.generated/**', '**/dist/**', '**/.codai/**']

export default defineConfig({
  test: {
    include: ['**/*.test.ts', '**/*.test.tsx'],
    exclude: generated,
    globalSetup: ['./infra/stores/src/testing/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ['default'],
  },
})
