import { describe, expect, it } from 'vitest'
import { initialState, readState, writeState } from '../../../web/page/permalink'
import { fields, readSelection, writeSelection } from '../../../web/san-choi/state'

const initial = initialState(fields)

describe('the playground\'s state', () => {
  it('comes back from the address', () => {
    const state = { ...initial, text: 'Xin chào\n', pos: 2, range: '1-4', scale: 'log', seed: 4294967295, format: 'int8' } as const
    expect(readState(fields, writeState(fields, state))).toEqual(state)
  })

  it('holds the last position, however long the text becomes', () => {
    expect(readSelection(initial, 12)).toEqual({ focus: 11, range: null })
    expect(writeSelection({ focus: 11, range: null }, 12)).toEqual({ pos: -1, range: '' })
    expect(writeSelection({ focus: 3, range: [1, 3] }, 12)).toEqual({ pos: 3, range: '1-3' })
  })

  it.each(['9-3', '3-3', '2-99', '7-9'])('ignores the range %s, which does not fit', (range) => {
    expect(readSelection({ ...initial, pos: 4, range }, 12)).toEqual({ focus: 4, range: null })
  })

  it('has a selection in a text of nothing', () => {
    expect(readSelection(initial, 0)).toEqual({ focus: 0, range: null })
  })
})
