/** The claims ledger as HTML: the build puts it into the page, and the page renews it after a run. */
import { keepWords } from '../page/kept_words'
import { formatFigure } from '../page/numbers'
import { ledgerStrings as strings } from '../page/strings/ledger'
import { lessonRunStrings, protocolStrings } from '../page/strings/lesson'
import { escapeXml } from '../plots/figure_svg'
import { miniPlotSvg } from '../plots/mini_plot'
import type { DotValue } from '../plots/plot_spec'
import type { LessonClaim, LessonResult, Verdict } from '../engine/engine'

/** What claims.json says of a claim's figure. */
export interface ClaimMeta {
  figure?: string
  /** The number that the document gives for the figure, where it gives one. */
  stated?: number
  /** Measured is 1 or 0: it holds, or not. */
  isQuestion?: boolean
}

export interface LedgerContext {
  metas: Readonly<Record<string, ClaimMeta>>
  /** Claim's id -> the plot that shows it. */
  claimPlots: Readonly<Record<string, string>>
}

/** Not a matter of measuring. */
const unmeasured: readonly Verdict[] = ['interpretation', 'parameter']

/** One shape each, so that no verdict is told by colour alone. */
const shapes: Record<Verdict, string> = {
  agrees: '<circle cx="6" cy="6" r="5"/>',
  differs: '<path d="M1.5 1.5l9 9m0-9l-9 9"/>',
  chance: '<path d="M1 6h2.2m1.7 0h2.2m1.7 0H11"/>',
  untestable: '<circle cx="6" cy="6" r="4.5"/>',
  interpretation: '<path d="M1 7.5c1.7-4 3.3-4 5-1.5s3.3 2.5 5-1.5"/>',
  parameter: '<rect x="2" y="2" width="8" height="8"/>',
}

export function ledgerHtml(result: LessonResult, context: LedgerContext): string {
  const measured = result.claims.filter(({ verdict }) => !unmeasured.includes(verdict))
  const rest = result.claims.filter(({ verdict }) => unmeasured.includes(verdict))
  const model = result.model || lessonRunStrings.simulation
  const made = strings.made(model, result.seed, protocolStrings.names[result.protocol])
  return (
    `<p class="ledger-summary">${escapeXml(strings.summary(countsOf(measured)))}</p>` +
    table(measured, result, context, strings.caption) +
    (rest.length > 0 ? `<details class="ledger-rest"><summary>${strings.rest(rest.length)}</summary>${table(rest, result, context, strings.rest(rest.length))}</details>` : '') +
    `<p class="note ledger-made">${escapeXml(made)}${result.model ? ` ${kept(strings.otherModel(result.model))}` : ''}</p>`
  )
}

function countsOf(claims: readonly LessonClaim[]): string {
  const verdicts: Verdict[] = ['agrees', 'differs', 'chance', 'untestable']
  return verdicts
    .map((verdict) => ({ verdict, count: claims.filter((claim) => claim.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${count} ${strings.verdicts[verdict]}`)
    .join(', ')
}

function table(claims: readonly LessonClaim[], result: LessonResult, context: LedgerContext, caption: string): string {
  const heads = [strings.claim, strings.measured, strings.chance, strings.verdict]
  const cells = heads.map((head) => `<th role="columnheader" scope="col">${head}</th>`).join('')
  // Roles are spelled out: on a phone the table is laid out as blocks, which would take them away.
  return (
    `<table class="ledger" role="table"><caption class="visually-hidden">${escapeXml(caption)}</caption>` +
    `<thead role="rowgroup"><tr role="row">${cells}</tr></thead>` +
    `<tbody role="rowgroup">${claims.map((claim) => row(claim, result, context)).join('')}</tbody></table>`
  )
}

function row(claim: LessonClaim, result: LessonResult, { metas, claimPlots }: LedgerContext): string {
  const meta = metas[claim.id] ?? {}
  const plot = claimPlots[claim.id]
  const link = plot === undefined ? '' : ` <a class="to-plot" href="#${escapeXml(plot)}">${strings.toPlot}</a>`
  const number = (value: number | null) => escapeXml(numberText(value, meta, result))
  const [low, high] = [claim.chance_low, claim.chance_high]
  const interval = low === null || high === null || low === high ? '' : ` <span class="interval">(${strings.interval(number(low), number(high))})</span>`
  const measured = claim.measured === null ? empty : `<span class="measured-value">${number(claim.measured)}</span>${unitHtml(meta, result)}`
  const chance = claim.chance === null ? empty : `<span class="chance-value">${number(claim.chance)}</span>${interval}`
  const drawn = claim.measured === null || claim.chance === null || meta.isQuestion ? '' : miniPlotSvg(valuesOf(claim, claim.measured, claim.chance, meta))
  return (
    `<tr role="row" id="khang-dinh-${escapeXml(claim.id)}">` +
    `<th role="rowheader" scope="row"><span class="claim-id">${escapeXml(claim.id)}</span> ${kept(claim.document)}</th>` +
    `<td role="cell" data-head="${strings.measured}">${measured}</td>` +
    `<td role="cell" data-head="${strings.chance}">${chance}${drawn}</td>` +
    `<td role="cell" data-head="${strings.verdict}"><span class="verdict ${escapeXml(claim.verdict)}">${shape(claim.verdict)}${strings.verdicts[claim.verdict]}</span></td>` +
    `<td role="cell" class="why">${kept(claim.why)}${link}</td></tr>`
  )
}

function valuesOf({ chance_low: low, chance_high: high }: LessonClaim, measured: number, chance: number, { stated }: ClaimMeta): DotValue[] {
  const interval = low === null || high === null ? {} : { low, high }
  const values: DotValue[] = [{ form: 'measured', value: measured }, { form: 'chance', value: chance, ...interval }]
  return stated === undefined ? values : [...values, { form: 'document', value: stated }]
}

function kept(text: string): string {
  return keepWords(escapeXml(text))
}

const empty = `<span class="empty">${strings.empty}</span>`

function shape(verdict: Verdict): string {
  return `<svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">${shapes[verdict]}</svg>`
}

function numberText(value: number | null, { figure, isQuestion }: ClaimMeta, result: LessonResult): string {
  if (isQuestion) return value === 1 ? strings.yes : value === 0 ? strings.no : formatFigure(value, 'percent')
  const unit = unitOf(figure, result)
  // A count or a rank is whole: 47, not 47,0.
  return formatFigure(value, unit === 'share' ? 'percent' : Number.isInteger(value) ? '0' : '')
}

function unitOf(figure: string | undefined, { figures }: LessonResult): string {
  return figure === undefined ? '' : (figures[figure]?.unit ?? '')
}

function unitHtml({ figure, isQuestion }: ClaimMeta, result: LessonResult): string {
  const word = isQuestion ? undefined : strings.units[unitOf(figure, result)]
  return word === undefined ? '' : ` <span class="figure-unit">${word}</span>`
}

/** Of a lesson's claims.json. */
export function claimMetas(claims: readonly ClaimEntry[]): Record<string, ClaimMeta> {
  return Object.fromEntries(claims.map((claim) => [claim.id, metaOf(claim)]))
}

interface ClaimEntry {
  id: string
  figure?: string
  /** Where the rule is not "near" it. */
  stated?: number
  rule?: { is?: boolean; near?: number }
}

function metaOf({ figure, rule, stated = rule?.near }: ClaimEntry): ClaimMeta {
  return { ...(figure !== undefined && { figure }), ...(stated !== undefined && { stated }), ...(rule?.is !== undefined && { isQuestion: true }) }
}
