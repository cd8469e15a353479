import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/{web,wasm,lessons,tools}/**/*.test.{ts,mjs}'],
    // A file that needs a page says so itself: `// @vitest-environment happy-dom`.
    environment: 'node',
    restoreMocks: true,
  },
})
