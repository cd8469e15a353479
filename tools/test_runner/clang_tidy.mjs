import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run, treeFiles } from './command.mjs'
import { failed, passed, sum } from './report.mjs'

/**
 * clang-tidy over every source but the tests that the native build compiles. A source that was clean is not looked at again
 * until it, any header of the project, the configuration or the tool changes: its key is kept under SOI_CACHE.
 */
export async function clangTidyStage(root, preset) {
  const configure = await run(['tools/toolchain/cmake_build', preset, 'soi_tensor'], { cwd: root })
  if (configure.status !== 0) return failed(configure.output)
  const database = join(root, 'build', preset)
  const compiled = new Set(
    JSON.parse(readFileSync(join(database, 'compile_commands.json'), 'utf8')).map((entry) => entry.file),
  )
  const sources = (await treeFiles(root, '.cpp')).filter((name) => compiled.has(join(root, name)) && !name.startsWith('tests/'))
  if (sources.length === 0) return failed('clang-tidy: no source to look at')

  const shared = await sharedKey(root)
  const cleanFolder = join(process.env.SOI_CACHE, 'clang_tidy')
  mkdirSync(cleanFolder, { recursive: true })
  const queue = [...sources]
  const outcomes = []
  const worker = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      outcomes.push(await check(root, database, name, shared, cleanFolder))
    }
  }
  await Promise.all(Array.from({ length: Number(process.env.SOI_JOBS) || 2 }, worker))
  return sum(outcomes)
}

/** What every source's verdict depends on: the tool, its configuration, all headers. */
async function sharedKey(root) {
  const hash = createHash('sha256')
  hash.update((await run(['clang-tidy', '--version'])).output)
  for (const name of await treeFiles(root, '.h', '.inc', '.clang-tidy', 'cmake/options.cmake')) {
    hash.update(name).update(readFileSync(join(root, name)))
  }
  return hash.digest('hex')
}

async function check(root, database, name, shared, cleanFolder) {
  const key = createHash('sha256').update(shared).update(name).update(readFileSync(join(root, name))).digest('hex')
  const clean = join(cleanFolder, key)
  if (existsSync(clean)) return passed()
  // The database may be GCC's, with warnings that Clang does not know.
  const options = ['-p', database, '--quiet', '--extra-arg=-Wno-unknown-warning-option']
  const result = await run(['clang-tidy', ...options, join(root, name)], { cwd: root })
  if (result.status !== 0) return failed(result.output)
  writeFileSync(clean, '')
  return passed()
}
