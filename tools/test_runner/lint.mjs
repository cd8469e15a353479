import { run, treeFiles } from './command.mjs'
import { failed, passed } from './report.mjs'

/** A stage that is one program: it passes where the exit status is 0. */
export async function programStage(root, command, options = {}) {
  const result = await run(command, { cwd: root, ...options })
  return result.status === 0 ? passed() : failed(result.output)
}

/** clang-format would change nothing. */
export async function formatStage(root) {
  const sources = await treeFiles(root, '.h', '.cpp')
  const { status, output } = await run(['clang-format', '--dry-run', '-Werror', '--style=file', ...sources], { cwd: root })
  if (status === 0) return passed()
  const places = new Map([...output.matchAll(/^(\S+?):(\d+):.*error:/gm)].reverse().map(([, file, line]) => [file, line]))
  if (places.size === 0) return failed(output)
  const lines = [...places].map(([file, line]) => `${file}:${line}: not as clang-format has it`).sort()
  return failed([...lines, 'tools/format puts it right.'].join('\n'))
}
