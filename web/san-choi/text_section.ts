/** The text box, how many tokens the text has, and what is wrong with it. */
import { formatCount } from '../page/numbers'
import { pageElement } from '../page/page_element'
import { longestTextInLink } from '../page/permalink'
import { playgroundStrings as strings } from '../page/strings/playground'
import { decodeUtf8 } from '../plots/token_label'
import type { Text } from './inspection'
import type { View } from './playground'

/** Typing pauses at least so long before the text is read. */
const typingPause = 250
const droppedCharacters = 40

export class TextSection {
  readonly #box = pageElement('#text', HTMLTextAreaElement)
  readonly #count = pageElement('#token-count', HTMLSpanElement)
  readonly #message = pageElement('#text-message', HTMLSpanElement)
  #timer = 0

  constructor(onText: (text: string) => void) {
    const read = () => {
      clearTimeout(this.#timer)
      this.#timer = 0
      onText(this.#box.value.normalize('NFC'))
    }
    this.#box.addEventListener('input', () => {
      clearTimeout(this.#timer)
      this.#timer = window.setTimeout(read, typingPause)
    })
    // Leaving the box ends the pause. A text that was read already is not read again: that would drop the run just asked for.
    this.#box.addEventListener('change', () => {
      if (this.#timer !== 0) read()
    })
  }

  render({ state, inspection }: View): void {
    const isTyping = document.activeElement === this.#box
    if (!isTyping && this.#box.value !== state.text) this.#box.value = state.text
    const { text, nextRun } = inspection.state
    const limit = inspection.model?.config.nCtx
    if (!text || limit === undefined) return
    this.#count.textContent = strings.tokens(formatCount(text.tokenized.tokens.length), formatCount(limit))
    const message = nextRun.kind === 'failed' ? '' : messageOf(text, limit)
    this.#message.textContent = message
    this.#message.className = message === '' ? '' : 'warning'
  }
}

function messageOf(text: Text, limit: number): string {
  const { tokens } = text.tokenized
  if (text.text === '') return strings.empty
  if (tokens.length > text.kept.length) {
    return strings.tooLong(formatCount(tokens.length), formatCount(limit), droppedText(text))
  }
  return text.text.length > longestTextInLink ? strings.notInLink : ''
}

/** The beginning of what the model does not read. */
function droppedText({ tokenized, kept }: Text): string {
  const bytes = tokenized.tokens.slice(kept.length, kept.length + droppedCharacters).flatMap((token) => [...token.bytes])
  const start = bytes.findIndex((byte) => (byte & 0xc0) !== 0x80)
  const text = decodeUtf8(new Uint8Array(bytes.slice(start))) ?? new TextDecoder().decode(new Uint8Array(bytes))
  return [...text.trim()].slice(0, droppedCharacters).join('')
}
