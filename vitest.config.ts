import { defineConfig } from 'vitest/config'

const generated = ['**/node_modules/**', '**/.generated/**', '**/dist/**', '**/.codai/**']

export default defineConfig({
  // Vite prefers graphql's `module` field, Node its `main`: two instances, whose types do not know each other.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
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
