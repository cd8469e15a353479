// node tools/check_imports/main.mjs: exit status 1 where a file imports against the direction of rooms.mjs.
import { readFileSync } from 'node:fs'
import { treeFiles } from '../test_runner/command.mjs'
import { findViolations } from './imports.mjs'

const root = `${import.meta.dirname}/../..`
const files = await treeFiles(root, '.h', '.inc', '.cpp', '.ts', '.mts', '.mjs', '.js')
const violations = findViolations(files.map((file) => [file, readFileSync(`${root}/${file}`, 'utf8')]))
for (const violation of violations) console.error(violation)
process.exitCode = violations.length > 0 ? 1 : 0
