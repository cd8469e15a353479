import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** How long a program may take to end its own children: browsers have groups of their own. */
const grace = 5000
/** Leaders of the groups that run now. */
const running = new Set()
let isStopping = false

/** The whole group: a build's compilers must not outlive it. */
function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error // ended a moment ago
  }
}

/** Whoever stops the runner stops what it runs: a group of its own does not hear the terminal. */
async function stop(signal) {
  isStopping = true
  for (const pid of running) signalGroup(pid, 'SIGTERM')
  for (const end = Date.now() + grace; running.size > 0 && Date.now() < end; ) await new Promise((wake) => setTimeout(wake, 50))
  for (const pid of running) signalGroup(pid, 'SIGKILL')
  process.exit(128 + constants.signals[signal])
}

let listens = false
function listenForSignals() {
  if (listens) return
  listens = true
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => stop(signal))
}

/**
 * Runs a program to its end. Standard output and standard error come back as one text, in the order of arrival.
 * `status` is null where a signal or the time limit ended it.
 * @param {string[]} command
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, seconds?: number }} [options]
 * @returns {Promise<{ status: number | null, output: string }>}
 */
export function run(command, { cwd, env, seconds = 600 } = {}) {
  listenForSignals()
  return new Promise((resolve) => {
    if (isStopping) return
    const [program, ...parameters] = command
    const child = spawn(program, parameters, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    if (child.pid !== undefined) running.add(child.pid)
    const chunks = []
    const keep = (chunk) => chunks.push(chunk)
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    let isLate = false
    const limit = setTimeout(() => {
      isLate = true
      chunks.push(Buffer.from(`\nended after ${seconds} s\n`))
      signalGroup(child.pid, 'SIGTERM')
    }, seconds * 1000)
    const lastLimit = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), seconds * 1000 + grace)
    const finish = (status) => {
      running.delete(child.pid)
      clearTimeout(limit)
      clearTimeout(lastLimit)
      // What has been stopped is not told as a failure, and nothing follows it.
      if (!isStopping) resolve({ status: isLate ? null : status, output: Buffer.concat(chunks).toString() })
    }
    child.on('error', (error) => {
      chunks.push(Buffer.from(`${program}: ${error.message}\n`))
      finish(127)
    })
    child.on('close', finish)
  })
}

/** Files that git knows or would know, relative to the root, of the given name endings. */
export async function treeFiles(root, ...endings) {
  const { status, output } = await run(['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
  if (status !== 0) throw new Error(`git ls-files failed: ${output}`)
  const names = [...new Set(output.split('\0').filter(Boolean))]
  const { existsSync } = await import('node:fs')
  return names
    .filter((name) => endings.length === 0 || endings.some((ending) => name.endsWith(ending)))
    .filter((name) => existsSync(`${root}/${name}`))
    .sort()
}
