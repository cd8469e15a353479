/** A page that holds the engine alone, for what no click of a reader can bring about. */
import { cpSync, existsSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'vite'

const root = resolve(import.meta.dirname, '../..')
const site = resolve(root, 'build/site')

/** Builds the engine as a module whose exports are kept, beside the site's own core and model. Returns the folder. */
export async function buildEnginePage(): Promise<string> {
  const folder = resolve(root, 'build/engine_page')
  await build({
    configFile: false,
    root: resolve(root, 'web'),
    base: './',
    publicDir: false,
    logLevel: 'warn',
    worker: { format: 'es' },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2023',
      rolldownOptions: {
        input: { engine: resolve(root, 'web/engine/engine.ts') },
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: 'assets/[name].js' },
      },
    },
  })
  for (const part of ['engine', 'models', 'favicon.svg']) {
    if (!existsSync(resolve(site, part))) throw new Error(`build/site/${part} is missing: run tools/build_site.`)
    cpSync(resolve(site, part), resolve(folder, part), { recursive: true })
  }
  const icon = '<link rel="icon" href="favicon.svg" type="image/svg+xml">'
  writeFileSync(resolve(folder, 'index.html'), `<!doctype html><meta charset="utf-8">${icon}`)
  return folder
}
