/**
 * Block directives of a lesson: a line of three or more colons with a name, up to a line of at least as many colons.
 * Markdown between them is read as Markdown. A directive that is unknown or not closed is an error, never text.
 */
import type { MarkdownIt, StateBlock, Token } from 'markdown-it'

export interface Directive {
  name: string
  /** What stands behind the name. */
  argument: string
  /** From 1, in what the parser was given. */
  line: number
}

/** What a directive becomes. One without `close` holds no Markdown. */
export interface DirectiveHtml {
  open(directive: Directive): string
  close?: () => string
}

export class DirectiveError extends Error {
  constructor(
    message: string,
    readonly line: number,
  ) {
    super(message)
  }
}

const opening = /^(:{3,})\s*(\S+)?\s*(.*)$/

export function useDirectives(markdown: MarkdownIt, known: Record<string, DirectiveHtml>): void {
  markdown.block.ruler.before('fence', 'directive', readDirective, { alt: ['paragraph', 'reference', 'blockquote', 'list'] })
  markdown.renderer.rules.directive_open = (tokens, index) => {
    const directive = directiveOf(tokens[index]!)
    return known[directive.name]!.open(directive)
  }
  markdown.renderer.rules.directive_close = (tokens, index) => {
    const { name } = directiveOf(tokens[index]!)
    return known[name]!.close?.() ?? ''
  }

  function readDirective(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
    const [, colons, name, argument] = opening.exec(lineOf(state, startLine)) ?? []
    if (colons === undefined) return false
    if (silent) return true
    const line = startLine + 1
    if (name === undefined) throw new DirectiveError('a directive ends here that has not begun', line)
    const html = known[name]
    if (!html) throw new DirectiveError(`no directive ${name}; there are ${Object.keys(known).join(', ')}`, line)
    const lastLine = findEnd(state, startLine + 1, endLine, colons.length)
    if (lastLine === null) throw new DirectiveError(`${name} is not closed by a line of ${colons}`, line)
    const directive: Directive = { name, argument: argument?.trim() ?? '', line }
    const token = state.push('directive_open', '', 1)
    token.block = true
    token.meta = { directive }
    token.map = [startLine, lastLine]
    if (html.close) readInside(state, startLine + 1, lastLine)
    else if (!isBlank(state, startLine + 1, lastLine)) throw new DirectiveError(`${name} holds no text`, line + 1)
    state.push('directive_close', '', -1).meta = { directive }
    state.line = lastLine + 1
    return true
  }
}

/** Of a 'directive_open' or a 'directive_close'. */
export function directiveOf(token: Token): Directive {
  return token.meta!.directive as Directive
}

function lineOf(state: StateBlock, line: number): string {
  return state.src.slice(state.bMarks[line]! + state.tShift[line]!, state.eMarks[line]).trimEnd()
}

function isBlank(state: StateBlock, from: number, to: number): boolean {
  for (let line = from; line < to; ++line) if (lineOf(state, line) !== '') return false
  return true
}

function findEnd(state: StateBlock, from: number, to: number, colons: number): number | null {
  for (let line = from; line < to; ++line) {
    const [closing] = /^:{3,}$/.exec(lineOf(state, line)) ?? []
    if (closing !== undefined && closing.length >= colons) return line
  }
  return null
}

function readInside(state: StateBlock, from: number, to: number): void {
  const { lineMax, parentType } = state
  state.lineMax = to
  state.md.block.tokenize(state, from, to)
  state.lineMax = lineMax
  state.parentType = parentType
}
