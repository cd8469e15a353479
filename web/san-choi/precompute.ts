/**
 * Build time: runs the playground's first sentence through the model that comes with the site, and puts the result into
 * the pages: as drawings, there before any script, and as logits, for the playground to compare with what it measures.
 */
import { readFile } from 'node:fs/promises'
import type { Plugin } from 'vite'
import type { InspectResult, Tokenized } from '../engine/engine'
import { bytesBlob, createNodeEngine } from '../engine/node_engine'
import { demoName } from '../models/model_source'
import { initialState } from '../page/permalink'
import { runStrings } from '../page/strings/run'
import { attentionFigure } from '../plots/attention'
import type { Figure } from '../plots/figure'
import { escapeXml, figureToSvg } from '../plots/figure_svg'
import { lensFigure } from '../plots/lens'
import { nextTokenFigure } from '../plots/next_token'
import { pagePalette } from '../plots/palette'
import { type StripToken, groupsOf } from '../plots/token_groups'
import { labelOf } from '../plots/token_label'
import { type Input, topTokens } from './inspection'
import { nextTokenData, nextTokenLead } from './next_token_view'
import type { Precomputed } from './precomputed'
import { fields } from './state'

interface Result {
  input: Input
  tokenized: Tokenized
  inspected: InspectResult
  build: string
}

const state = initialState(fields)
/** A phone's column, and the page's. */
const widths = { narrow: 358, wide: 720 }
const fileName = 'san-choi/precomputed.json'

/** `core` holds soi.js and soi.wasm of the build with SIMD and one thread, `demo` the model's files. */
export function precomputePlayground({ core, demo }: { core: string; demo: string }): Plugin {
  let result: Promise<Result> | null = null
  return {
    name: 'soi-precompute-playground',
    apply: 'build',
    buildStart() {
      result = compute(core, demo)
      result.catch(() => undefined) // reported where it is awaited
    },
    transformIndexHtml: {
      order: 'pre',
      async handler(html) {
        if (!result || !html.includes('<!-- precomputed: ')) return html
        const parts = partsOf(await result)
        return html.replaceAll(/<!-- precomputed: (\w+) -->/g, (_, part: string) => parts[part as keyof typeof parts])
      },
    },
    async generateBundle() {
      if (!result) return
      const { input, inspected } = await result
      const precomputed: Precomputed = {
        ids: input.ids,
        format: input.model.format,
        next: inspected.next.map(({ top }) => top.map(({ id, logit }) => [id, logit])),
      }
      this.emitFile({ type: 'asset', fileName, source: JSON.stringify(precomputed) })
    },
  }
}

async function compute(core: string, demo: string): Promise<Result> {
  const engine = await createNodeEngine(core, 'simd', 1)
  const file = bytesBlob(await readFile(`${demo}/model.safetensors`))
  const configJson = await readFile(`${demo}/config.json`, 'utf8')
  const model = await engine.loadModel(file, { name: demoName, configJson })
  const tokenized = await engine.tokenize(state.text)
  const ids = tokenized.tokens.map(({ id }) => id)
  const inspected = await engine.inspect({ ids, top: topTokens, lensTop: 1, patternLayers: [state.layer] })
  const { variant, threads } = engine.build
  engine.close()
  return {
    input: { model, ids, pieces: tokenized.tokens },
    tokenized,
    inspected,
    build: runStrings.build(variant, threads),
  }
}

function partsOf({ input, tokenized, inspected, build }: Result) {
  const last = input.ids.length - 1
  const next = { value: inspected.next, input }
  const data = nextTokenData(next, last)
  const few = { ...data, bars: data.bars.slice(0, 6) }
  const labels = input.pieces.map(({ bytes }) => labelOf(bytes).text)
  const pattern = inspected.patterns.get(state.layer)!
  const attention = { pattern, nHeads: input.model.config.nHeads, labels }
  const note = `<p class="note">${runStrings.precomputed(input.model.name, build)}</p>`
  const inBothWidths = (draw: (width: number) => Figure) =>
    Object.entries(widths)
      .map(([name, width]) => `<div class="${name}">${figureToSvg(draw(width), pagePalette)}</div>`)
      .join('')
  return {
    text: escapeXml(state.text),
    tokens: precomputedHtml('tokens', stripHtml(tokenized.tokens, tokenized.groups, last)),
    lead: escapeXml(nextTokenLead(next, last)),
    first: precomputedHtml('first', inBothWidths((width) => nextTokenFigure(few, Math.min(width, 608), state.scale)) + note),
    next: precomputedHtml('next', inBothWidths((width) => nextTokenFigure(data, width, state.scale)) + note),
    lens: precomputedHtml(
      'lens',
      figureToSvg(lensFigure({ tokens: input.pieces, cells: inspected.lens }, [0, last]), pagePalette) + note,
    ),
    attention: precomputedHtml(
      'attention',
      inBothWidths((width) => attentionFigure(attention, state.head, [0, last], last, width).figure) + note,
    ),
  }
}

function precomputedHtml(part: string, html: string): string {
  return `<div class="precomputed" data-part="${part}">${html}</div>`
}

/** As token_strip.ts draws it, to look at only. */
function stripHtml(tokens: StripToken[], groups: number[], focus: number): string {
  const tokenHtml = (position: number) => {
    const { id, bytes } = tokens[position]!
    const classes = position === focus ? 'token focus' : 'token'
    const label = escapeXml(labelOf(bytes).text)
    return `<span class="${classes}"><span class="token-text">${label}</span><span class="token-id">${id}</span></span>`
  }
  const html = groupsOf(tokens, groups).map(({ first, end, characters }) => {
    const members = Array.from({ length: end - first }, (_, index) => tokenHtml(first + index)).join('')
    if (end - first === 1) return members
    return (
      `<span class="token-group"><span class="token-group-members">${members}</span>` +
      `<span class="token-group-characters">${escapeXml(characters ?? '?')}</span></span>`
    )
  })
  return `<div class="token-strip">${html.join('')}</div>`
}
