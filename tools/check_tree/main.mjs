// node tools/check_tree/main.mjs: exit status 1 where the tree breaks a rule of rules.mjs.
import { readFileSync } from 'node:fs'
import { treeFiles } from '../test_runner/command.mjs'
import { rules } from './rules.mjs'

const root = `${import.meta.dirname}/../..`
const tree = new Map()
for (const path of await treeFiles(root)) {
  const bytes = readFileSync(`${root}/${path}`)
  tree.set(path, bytes.includes(0) ? '' : bytes.toString('utf8')) // a binary file counts as a file, not as text
}
const faults = rules.flatMap((rule) => rule(tree))
for (const fault of faults) console.error(fault)
process.exitCode = faults.length > 0 ? 1 : 0
