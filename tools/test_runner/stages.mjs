import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './command.mjs'
import { clangTidyStage } from './clang_tidy.mjs'
import { gtestStage } from './gtest.mjs'
import { formatStage, programStage } from './lint.mjs'
import { judge, playwrightCounts, vitestCounts } from './report.mjs'

const bin = (root, name) => join(root, 'node_modules/.bin', name)

/** Where a program writes its report. The last run's is gone: a program that dies early has none. */
export function freshReport(root, name) {
  const report = join(root, 'build/reports', name)
  rmSync(report, { force: true })
  return report
}

async function vitestStage(root) {
  const report = freshReport(root, 'vitest.json')
  const result = await run(
    [bin(root, 'vitest'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    { cwd: root },
  )
  return judge('vitest', result, vitestCounts(report))
}

async function playwrightStage(root) {
  const report = freshReport(root, 'playwright.json')
  const result = await run([bin(root, 'playwright'), 'test', '--config=tests/e2e/playwright.config.ts'], {
    cwd: root,
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report },
    seconds: 900,
  })
  return judge('playwright', result, playwrightCounts(report))
}

/** All of core/. Under the sanitizers the command line, a shell around it, is left out: it takes long to compile. */
const rooms = ['tensor', 'kernels', 'tokenizer', 'weights', 'hooks', 'model', 'analysis', 'experiments']

/** Cheap ones first: they tell the most common mistakes within seconds. */
export const stages = [
  { name: 'tree', about: 'no machine path, README in each folder, Vietnamese in NFC', run: (root) => programStage(root, ['node', 'tools/check_tree/main.mjs']) },
  { name: 'imports', about: 'the direction of imports', run: (root) => programStage(root, ['node', 'tools/check_imports/main.mjs']) },
  { name: 'format', about: 'clang-format', run: formatStage },
  { name: 'eslint', about: 'ESLint', run: (root) => programStage(root, [bin(root, 'eslint'), '--max-warnings=0', '.']) },
  { name: 'types', about: 'TypeScript, strict', run: (root) => programStage(root, [bin(root, 'tsc'), '--noEmit']) },
  { name: 'generated', about: 'generated files are fresh', run: (root) => programStage(root, ['tools/generate', '--check']) },
  { name: 'native', about: 'the core, native, optimised', run: (root) => gtestStage(root, 'native-release') },
  // After the native build, which tells what each source includes.
  { name: 'tidy', about: 'clang-tidy', run: (root) => clangTidyStage(root, 'native-release') },
  { name: 'sanitizers', about: 'the core under ASan and UBSan', run: (root) => gtestStage(root, 'native-asan', { rooms }) },
  { name: 'wasm-threads', about: 'the core in WASM with threads, under Node.js', run: (root) => gtestStage(root, 'wasm-simd-threads') },
  { name: 'wasm-simd', about: 'the core in WASM without threads', run: (root) => gtestStage(root, 'wasm-simd', { rooms: ['kernels', 'model'] }) },
  { name: 'wasm-relaxed', about: 'the core in WASM with relaxed SIMD', run: (root) => gtestStage(root, 'wasm-relaxed-threads', { rooms: ['kernels', 'model'] }) },
  { name: 'site', about: 'the site builds', run: (root) => programStage(root, ['tools/build_site'], { seconds: 1500 }) },
  // After the site: tests/wasm run the modules that it is built with.
  { name: 'unit', about: 'the web side, the module in Node.js and the tools, by Vitest', run: vitestStage },
  { name: 'end-to-end', about: 'the built site in Chromium', run: playwrightStage },
]
