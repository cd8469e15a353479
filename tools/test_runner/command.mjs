import { spawn } from 'node:child_process'

/**
 * Runs a program to its end. Standard output and standard error come back as one text, in the order of arrival.
 * `status` is null where a signal (the time limit's, say) ended it.
 * @param {string[]} command
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, seconds?: number }} [options]
 * @returns {Promise<{ status: number | null, output: string }>}
 */
export function run(command, { cwd, env, seconds = 600 } = {}) {
  return new Promise((resolve) => {
    const [program, ...parameters] = command
    const child = spawn(program, parameters, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const chunks = []
    const keep = (chunk) => chunks.push(chunk)
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    // The whole group: a build's compilers must not outlive it.
    const timer = setTimeout(() => {
      chunks.push(Buffer.from(`\nended after ${seconds} s\n`))
      process.kill(-child.pid, 'SIGKILL')
    }, seconds * 1000)
    const finish = (status) => {
      clearTimeout(timer)
      resolve({ status, output: Buffer.concat(chunks).toString() })
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
