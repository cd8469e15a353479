import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { run } from './command.mjs'
import { failed, gtestCounts, judge, sum } from './report.mjs'

// A module whose one function uses i8x16.relaxed_swizzle: valid only where relaxed SIMD is.
const RELAXED_SIMD = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15,
  253, 128, 2, 11,
])

/** How Node.js runs a WASM test program: older versions have relaxed SIMD behind a flag. */
function nodeCommand(preset) {
  const flags = preset.includes('relaxed') && !WebAssembly.validate(RELAXED_SIMD) ? ['--experimental-wasm-relaxed-simd'] : []
  return [process.execPath, ...flags]
}

/** A build's output without the lines that say what went well. */
const withoutProgress = (output) =>
  output
    .split('\n')
    .filter((line) => !/^(\[\d+\/\d+\] (?!Re-running)|-- |Preset CMake variables| {2}\w+="|$)/.test(line))
    .join('\n')

/** Runs one program of tests as so many processes at once, each with its share of the test cases (GoogleTest's sharding). */
async function runSharded(command, reportName, { shards, ...options }) {
  const runs = await Promise.all(
    Array.from({ length: shards }, async (_, index) => {
      const report = `${reportName}.${index}.json`
      const env = { ...options.env, GTEST_TOTAL_SHARDS: String(shards), GTEST_SHARD_INDEX: String(index) }
      return { ...(await run([...command, `--gtest_output=json:${report}`], { ...options, env })), counts: gtestCounts(report) }
    }),
  )
  const count = (which) => runs.reduce((total, { counts }) => total + counts[which], 0)
  const { status } = runs.find((each) => each.status !== 0) ?? runs[0]
  return {
    result: { status, output: runs.map(({ output }) => output).join('') },
    counts: runs.some(({ counts }) => counts === null) ? null : { passed: count('passed'), failed: count('failed') },
  }
}

/** `work` on each item, so many at a time; results in the items' order. */
async function forEachAtOnce(items, atOnce, work) {
  const results = []
  let next = 0
  const takeOne = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index])
  }
  await Promise.all(Array.from({ length: atOnce }, takeOne))
  return results
}

/**
 * Builds a preset and runs its test programs (`<room>_tests`), all or those of the named rooms.
 * @param {string} root
 * @param {string} preset
 * @param {{ rooms?: string[], env?: Record<string, string> }} [options]
 */
export async function gtestStage(root, preset, { rooms, env } = {}) {
  const targets = rooms?.map((room) => `${room}_tests`) ?? []
  const build = await run(['tools/toolchain/cmake_build', preset, ...targets], { cwd: root, seconds: 1500 })
  if (build.status !== 0) return failed(`building ${preset} failed:\n${withoutProgress(build.output)}`)

  const wasm = preset.startsWith('wasm-')
  const ending = wasm ? '_tests.js' : '_tests'
  const programs = readdirSync(join(root, 'build', preset, 'tests'), { recursive: true })
    .filter((path) => path.endsWith(ending))
    .filter((path) => !rooms || rooms.some((room) => basename(path) === room + ending))
    .sort()
  if (programs.length === 0) return failed(`${preset}: no test program was built`)

  const reports = join(root, 'build/reports', preset)
  rmSync(reports, { recursive: true, force: true })
  mkdirSync(reports, { recursive: true })
  // A program in WASM does not see the environment, which sharding needs: there, whole programs run side by side.
  const cores = availableParallelism()
  const outcomes = await forEachAtOnce(programs, wasm ? cores : 1, async (path) => {
    const program = basename(path)
    const command = [...(wasm ? nodeCommand(preset) : []), join(root, 'build', preset, 'tests', path), '--gtest_brief=1']
    const { result, counts } = await runSharded(command, join(reports, program), { cwd: root, env, shards: wasm ? 1 : cores })
    return judge(`${preset} ${program}`, result, counts)
  })
  return sum(outcomes)
}
