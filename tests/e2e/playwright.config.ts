import { defineConfig } from '@playwright/test'

// The end-to-end tests open build/site, which tools/build_site makes, in the system's own Chromium.
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../build/reports/end-to-end',
  // Two pages that compute at once would measure each other's patience.
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  reporter: [['list'], ['json']],
  use: {
    headless: true,
    locale: 'vi-VN',
    viewport: { width: 1280, height: 900 },
    // offline.spec.ts allows it: elsewhere a test is to see what the host sends.
    serviceWorkers: 'block',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        // As root, as in a container, Chromium's own sandbox does not start.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
