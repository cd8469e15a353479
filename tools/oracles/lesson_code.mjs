// The Python that a lesson's page shows. usage: lesson_code.mjs SLUG PARAMETERS.json  (a result of `soi lesson --json`)
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { runnerImport } from 'vite'

const root = resolve(import.meta.dirname, '../..')
const [slug, file] = process.argv.slice(2)
const { parameters, seed, protocol } = JSON.parse(readFileSync(file, 'utf8'))
const { module: lesson } = await runnerImport(`${root}/lessons/${slug}/lesson.ts`)
const { module: python } = await runnerImport(`${root}/web/lesson/python_code.ts`)
process.stdout.write(python.fillCode(lesson.default.code, { ...parameters, seed, protocol }))
