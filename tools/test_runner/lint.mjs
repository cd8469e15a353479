import { run, treeFiles } from './command.mjs'
import { failed, passed } from './report.mjs'

/** A stage that is one program: it passes where the exit status is 0. */
export async function programStage(root, command, options = {}) {
  const result = await run(command, { cwd: root, ...options })
  return result.status === 0 ? passed() : failed(result.output)
}

/** clang-format changes nothing. */
export async function formatStage(root) {
  const sources = await treeFiles(root, '.h', '.cpp')
  return programStage(root, ['clang-format', '--dry-run', '-Werror', '--style=file', ...sources])
}
