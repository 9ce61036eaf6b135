import { join } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const gateway = 'http://localhost:8080'

// The first browsers with light-dark(), on which the colours stand.
const browsers = ['chrome123', 'firefox121', 'safari17.5']

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  worker: { format: 'es' },
  build: {
    target: browsers,
    outDir: 'dist',
    emptyOutDir: true,
    // The explorer's editor is one large piece, which only the explorer loads.
    chunkSizeWarningLimit: 5000,
    rollupOptions: {
      onwarn(warning, warn) {
        // Libraries say "use no memo" to a compiler that is not used here.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning)
      },
      input: {
        index: join(import.meta.dirname, 'index.html'),
        explorer: join(import.meta.dirname, 'explorer.html'),
      },
    },
  },
  server: {
    proxy: { '/graphql': { target: gateway, ws: true }, '/health': { target: gateway } },
  },
})
