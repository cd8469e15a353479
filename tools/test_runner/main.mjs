import { mkdirSync } from 'node:fs'
import { failed, sum } from './report.mjs'
import { stages } from './stages.mjs'

const root = process.env.SOI_ROOT
const wanted = process.argv.slice(2)

if (wanted.includes('--list')) {
  for (const { name, about } of stages) console.log(`${name.padEnd(14)}${about}`)
  process.exit(0)
}
const unknown = wanted.filter((name) => !stages.some((stage) => stage.name === name))
if (unknown.length > 0) {
  console.error(`soi: error: no such stage: ${unknown.join(', ')} (tools/test --list names them)`)
  process.exit(2)
}

mkdirSync(`${root}/build/reports`, { recursive: true })
const outcomes = []
for (const stage of stages.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const start = performance.now()
  const outcome = await stage.run(root).catch((error) => failed(`${error.stack}`))
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  const counts = `${outcome.passed} passed${outcome.failed ? `, ${outcome.failed} failed` : ''}`
  console.log(`${outcome.failed ? 'FAIL' : 'ok  '} ${stage.name.padEnd(14)}${seconds.padStart(7)} s  ${counts}`)
  if (outcome.failed) console.log(outcome.explanation.trimEnd().replace(/^/gm, '    '))
  outcomes.push(outcome)
}
const total = sum(outcomes)
console.log(`${total.passed} passed, ${total.failed} failed`)
// Set, not called: what is printed must reach a pipe first.
process.exitCode = total.failed > 0 ? 1 : 0
