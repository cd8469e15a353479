// node tools/bench/table.mjs FILE.jsonl... > docs/benchmarks.md: the benchmarks' JSON lines as a table, a row a figure, a column
// for each place that measured it. Run it on the machine that measured.
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'

const lines = process.argv
  .slice(2)
  .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
  .filter((line) => line.startsWith('{'))
  .map((line) => JSON.parse(line))
if (lines.length === 0) {
  console.error('usage: node tools/bench/table.mjs FILE.jsonl... (what tools/bench/run, in_chromium.mjs and pages.mjs print)')
  process.exit(2)
}

/** "PyTorch 2.15.0", "Chromium 156", "native": what ran it. */
function placeOf({ build, where }) {
  const torch = /^torch-([\d.]+)/.exec(build)
  const chromium = /^(?:Headless)?Chrom\w*[ /](\d+)/.exec(where)
  return torch ? `PyTorch ${torch[1]}` : chromium ? `Chromium ${chromium[1]}` : where
}

const columns = [...new Set(lines.map((line) => `${placeOf(line)}, ${line.threads} thread${line.threads > 1 ? 's' : ''}`))]
const rows = new Map()
for (const line of lines) {
  const key = `${line.name} | ${line.unit === '1' ? '' : line.unit}`
  const column = columns.indexOf(`${placeOf(line)}, ${line.threads} thread${line.threads > 1 ? 's' : ''}`)
  if (!rows.has(key)) rows.set(key, columns.map(() => ''))
  rows.get(key)[column] = String(Number(line.median.toPrecision(3)))
}

console.log(`# Benchmarks

Written by \`tools/bench/table.mjs\` from what the programs of tools/bench printed; do not edit. Medians, on ${cpus()[0].model.trim()},
${cpus().length} processors. The machine is shared: compare within a row, not between days. Random weights in GPT-2 small's shape
where a model runs; \`small\` is explained in tools/bench/torch_peer.py: there Soi does more than its peer.

| figure | unit | ${columns.join(' | ')} |
|${'---|'.repeat(columns.length + 2)}`)
for (const [key, cells] of rows) console.log(`| ${key} | ${cells.join(' | ')} |`)
