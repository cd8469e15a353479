/** What the playground's address carries. */
import { type NumberFormat, numberFormats } from '../engine/engine'
import { type Fields, choiceField, longestTextInLink, numberField, switchField, textField } from '../page/permalink'
import { largestSeed } from '../page/seed'
import { playgroundStrings } from '../page/strings/playground'
import type { Selection } from '../plots/selection'

export interface PlaygroundState {
  text: string
  /** The selected position; -1: the last one, wherever that is. */
  pos: number
  /** '3-9', or '' for none. */
  range: string
  layer: number
  head: number
  scale: 'linear' | 'log'
  temperature: number
  topK: number
  topP: number
  seed: number
  n: number
  /** '': the file's own. */
  format: NumberFormat | ''
  /** A file of the reader's own cannot be in a link: it only says that one was in use. */
  model: 'demo' | 'file'
  relaxed: boolean
}

export const fields: Fields<PlaygroundState> = {
  text: textField(playgroundStrings.defaultText, longestTextInLink),
  pos: numberField(-1, -1, 1e6, true),
  range: { initial: '', read: (text) => (/^\d+-\d+$/.test(text) ? text : undefined), write: (value) => value },
  layer: numberField(3, 0, 1000, true),
  head: numberField(0, 0, 1000, true),
  scale: choiceField(['linear', 'log'], 'linear'),
  temperature: numberField(0.8, 0, 2),
  topK: numberField(40, 0, 50257, true),
  topP: numberField(1, 0.01, 1),
  seed: numberField(1, 0, largestSeed, true),
  n: numberField(40, 1, 1024, true),
  format: choiceField([...numberFormats, ''] as const, ''),
  model: choiceField(['demo', 'file'], 'demo'),
  relaxed: switchField(false),
}

export function readSelection({ pos, range }: PlaygroundState, count: number): Selection {
  const last = Math.max(0, count - 1)
  const focus = pos < 0 ? last : Math.min(pos, last)
  const [first = 0, end = 0] = range.split('-').map(Number)
  const holds = range !== '' && first < end && end <= last && first <= focus && focus <= end
  return { focus, range: holds ? [first, end] : null }
}

export function writeSelection({ focus, range }: Selection, count: number): Pick<PlaygroundState, 'pos' | 'range'> {
  return { pos: focus === count - 1 ? -1 : focus, range: range ? range.join('-') : '' }
}
