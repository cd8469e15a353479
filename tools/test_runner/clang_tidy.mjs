import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { run, treeFiles } from './command.mjs'
import { failed, passed, sum } from './report.mjs'

/**
 * clang-tidy over every source but the tests that the native build compiles. A source that was clean is not looked at again
 * until it, a header that it includes, its compiler's options, the configuration or the tool changes: its key is kept under
 * SOI_CACHE.
 */
export async function clangTidyStage(root, preset) {
  const configure = await run(['tools/toolchain/cmake_build', preset, 'soi_tensor'], { cwd: root })
  if (configure.status !== 0) return failed(configure.output)
  const database = join(root, 'build', preset)
  const commands = JSON.parse(readFileSync(join(database, 'compile_commands.json'), 'utf8'))
  const sources = new Set(await treeFiles(root, '.cpp'))
  const queue = commands
    .map(({ file, command }) => ({ name: relative(root, file), command, object: / -o (\S+)/.exec(command)?.[1] }))
    .filter(({ name }) => sources.has(name) && !name.startsWith('tests/'))
  if (queue.length === 0) return failed('clang-tidy: no source to look at')

  const keyOf = await keys(root, database)
  const cleanFolder = join(process.env.SOI_CACHE, 'clang_tidy')
  mkdirSync(cleanFolder, { recursive: true })
  const outcomes = []
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      outcomes.push(await check(root, database, next.name, join(cleanFolder, keyOf(next))))
    }
  }
  await Promise.all(Array.from({ length: Number(process.env.SOI_JOBS) || 2 }, worker))
  return sum(outcomes)
}

/** What a source's verdict depends on: the tool, its configuration, the source, and the headers that its object was built of. */
async function keys(root, database) {
  const tool = (await run(['clang-tidy', '--version'])).output
  const headers = await treeFiles(root, '.h', '.inc')
  const isHeader = new Set(headers)
  const included = includedFiles((await run(['ninja', '-C', database, '-t', 'deps'], { cwd: root })).output)
  return ({ name, command, object }) => {
    // An object that was not built yet tells nothing: then all headers count.
    const files = included.get(object)?.map((path) => relative(root, resolve(database, path))) ?? headers
    // In another checkout the same command has other paths.
    const hash = createHash('sha256').update(tool).update(command.replaceAll(root, ''))
    for (const file of ['.clang-tidy', name, ...files.filter((file) => isHeader.has(file)).sort()]) {
      hash.update(file).update(readFileSync(join(root, file)))
    }
    return hash.digest('hex')
  }
}

/** Of each object, from ninja's list: a line `OBJECT: #deps ...`, then one indented line a file. */
function includedFiles(text) {
  const files = new Map()
  let current = []
  for (const line of text.split('\n')) {
    if (line.startsWith('    ')) current.push(line.trim())
    else if (line.includes(': #deps')) files.set(line.slice(0, line.indexOf(': #deps')), (current = []))
  }
  return files
}

async function check(root, database, name, clean) {
  if (existsSync(clean)) return passed()
  // The database may be GCC's, with warnings that Clang does not know.
  const options = ['-p', database, '--quiet', '--extra-arg=-Wno-unknown-warning-option']
  const result = await run(['clang-tidy', ...options, join(root, name)], { cwd: root })
  if (result.status !== 0) return failed(result.output)
  writeFileSync(clean, '')
  return passed()
}
