import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from '../../tools/test_runner/command.mjs'
import { freshReport } from '../../tools/test_runner/stages.mjs'

const commandModule = resolve(import.meta.dirname, '../../tools/test_runner/command.mjs')

/** Whoever ended and has not been waited for still has a number: Z. */
const isAlive = (pid) => /^[^Z]/.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim())

/** A runner in a process of its own, whose program tells its process and that of its child. */
async function startRunner(shellScript) {
  const folder = mkdtempSync(join(tmpdir(), 'soi-command-'))
  const script = join(folder, 'runner.mjs')
  const told = join(folder, 'told')
  const command = JSON.stringify(['sh', '-c', `${shellScript}; sleep 300 & echo $$ $! >${told}; wait; sleep 300`])
  writeFileSync(script, `import { run } from ${JSON.stringify(commandModule)}\nawait run(${command})\nawait run(['touch', '${told}.next'])\n`)
  const runner = spawn(process.execPath, [script], { stdio: 'ignore' })
  const ended = new Promise((finish) => runner.on('close', finish))
  await expect.poll(() => existsSync(told) && readFileSync(told, 'utf8').trim() !== '', { timeout: 10_000 }).toBe(true)
  const pids = readFileSync(told, 'utf8').trim().split(' ').map(Number)
  return { runner, ended, pids, wentOn: () => existsSync(`${told}.next`) }
}

describe('a runner that is stopped', () => {
  test.each([
    ['SIGINT', ':', 130],
    ['SIGTERM', ':', 143],
    ['SIGINT', 'trap "" TERM', 130],
  ])('by %s ends all that it runs (%s)', { timeout: 20_000 }, async (signal, shellScript, status) => {
    const { runner, ended, pids, wentOn } = await startRunner(shellScript)
    expect(pids.map(isAlive)).toEqual([true, true])
    runner.kill(signal)
    expect(await ended).toBe(status)
    await expect.poll(() => pids.map(isAlive)).toEqual([false, false])
    expect(wentOn()).toBe(false)
  })
})

test('a program that takes too long has failed, whatever it says of itself', async () => {
  const { status, output } = await run(['sh', '-c', 'trap "exit 0" TERM; sleep 300 & wait'], { seconds: 0.3 })
  expect(status).toBeNull()
  expect(output).toContain('ended after 0.3 s')
})

test('a report of the run before is not there to be counted', () => {
  const root = mkdtempSync(join(tmpdir(), 'soi-report-'))
  mkdirSync(join(root, 'build/reports'), { recursive: true })
  writeFileSync(join(root, 'build/reports/vitest.json'), '{}')
  expect(existsSync(freshReport(root, 'vitest.json'))).toBe(false)
})
