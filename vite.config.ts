import { resolve } from 'node:path'
import { defineConfig } from 'vite'
import { lessonPages } from './web/build/lesson_pages'
import { siteFonts } from './web/build/site_fonts'
import { htmlShell } from './web/page/html_shell'
import { precomputePlayground } from './web/san-choi/precompute'

const web = resolve(import.meta.dirname, 'web')
const core = (preset: string) => resolve(import.meta.dirname, process.env.SOI_BUILD_FOLDER ?? 'build', preset, 'engine')
const demo = resolve(web, 'public/models/demo')
const fonts = resolve(import.meta.dirname, 'build/fonts')

export default defineConfig({
  root: web,
  // Relative: the built site works under any path of any host.
  base: './',
  plugins: [
    htmlShell(),
    siteFonts(fonts),
    precomputePlayground({ core: core('wasm-simd'), demo }),
    lessonPages({
      web,
      lessons: resolve(import.meta.dirname, 'lessons'),
      core: core('wasm-simd-threads'),
      demo,
      fonts,
      // Results take minutes and depend on the core and the model alone: checkouts share them, as they share objects.
      cache: resolve(import.meta.dirname, process.env.SOI_CACHE ?? 'build', 'precomputed'),
      // While one is being written: SOI_LESSONS=05-loai-bo-khong-gian-con makes the page of that one alone.
      only: process.env.SOI_LESSONS?.split(',') ?? null,
    }),
  ],
  worker: { format: 'es' },
  build: {
    outDir: resolve(import.meta.dirname, 'build/site'),
    emptyOutDir: true,
    target: 'es2023',
    // The Content-Security-Policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Experiments run in buildStart: that takes what it takes.
      checks: { pluginTimings: false },
      input: { home: resolve(web, 'index.html'), playground: resolve(web, 'san-choi/index.html') },
    },
  },
})
