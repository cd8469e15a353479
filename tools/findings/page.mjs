// Results of `soi lesson --json` to one page of Markdown: page.mjs FOLDER FILE.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Four significant digits; whole numbers whole. */
export function number(value) {
  if (value === null || value === undefined) return '–'
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return String(value)
  return String(Number(value.toPrecision(4)))
}

export function chance({ chance: mean, chance_low: low, chance_high: high }) {
  return low === null || high === null ? number(mean) : `${number(mean)} (${number(low)} to ${number(high)})`
}

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

const row = (cells) => `| ${cells.map(cell).join(' | ')} |`

/** How many claims have each verdict, most first. */
function tally(claims) {
  const counts = new Map()
  for (const { verdict } of claims) counts.set(verdict, (counts.get(verdict) ?? 0) + 1)
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([verdict, count]) => `${count} ${verdict}`)
    .join(', ')
}

export function section({ lesson, protocol, seed, model, seconds, claims }) {
  const where = model === '' ? 'a simulation' : `model \`${model}\``
  const rows = claims.map((claim) => row([claim.id, claim.verdict, claim.document, number(claim.measured), chance(claim)]))
  return [
    `## ${lesson}${model === '' ? '' : ` on ${model}`}`,
    '',
    `Protocol \`${protocol}\`, seed ${seed}, ${where}; ${number(Math.round(seconds))} s. Claims: ${tally(claims)}.`,
    '',
    row(['claim', 'verdict', 'document', 'measured', 'chance (95 %)']),
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

const introduction = `# What the experiments find

Written by \`tools/findings/run\`; do not edit. Each claim of a lesson's document, what its experiment measures, and what
chance or a simpler method gives for the same figure (mean, and the middle 95 % where it was repeated). The reasons are in
the ledger of each lesson's page and in \`soi lesson NAME\`.

- **agrees**: the document's statement holds here. **differs**: it does not.
- **chance**: it holds, but chance, or a simpler method, does as much.
- **untestable**: it needs a larger model, more points, or data that are not here. **interpretation**: not a matter of measuring.
- **parameter**: a setting, taken over as it is.

The demo model has 8 blocks of width 256; what a claim says of GPT-2 small need not hold there.
`

export const page = (results) => [introduction, ...results.map(section)].join('\n')

function main([folder, file]) {
  const results = readdirSync(folder)
    .filter((name) => /^\d.*\.json$/.test(name))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
  writeFileSync(file, page(results).normalize('NFC'))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2))
