import { describe, expect, it } from 'vitest'
import { clampSelection, extendTo, moveFocus, selectionProperty, shownPositions, singlePosition } from '../../../web/plots/selection'

describe('a selection', () => {
  it('extends from the selected position, either way', () => {
    expect(extendTo(singlePosition(5), 8)).toEqual({ focus: 8, range: [5, 8] })
    expect(extendTo(singlePosition(5), 2)).toEqual({ focus: 2, range: [2, 5] })
  })

  it('goes on from the other end, across it, and back to one position', () => {
    const range = extendTo(singlePosition(5), 8)
    expect(extendTo(range, 3)).toEqual({ focus: 3, range: [3, 5] })
    expect(extendTo(range, 5)).toEqual(singlePosition(5))
    expect(extendTo(extendTo(singlePosition(5), 2), 1)).toEqual({ focus: 1, range: [1, 5] })
  })

  it('keeps its range while the position moves inside it', () => {
    const range = extendTo(singlePosition(5), 8)
    expect(moveFocus(range, 6)).toEqual({ focus: 6, range: [5, 8] })
    expect(moveFocus(range, 9)).toEqual(singlePosition(9))
  })

  it('is no change for a plot where another object says the same', () => {
    const { hasChanged } = selectionProperty
    expect(hasChanged({ focus: 3, range: [2, 4] }, { focus: 3, range: [2, 4] })).toBe(false)
    expect(hasChanged(singlePosition(3), singlePosition(3))).toBe(false)
    expect(hasChanged(singlePosition(3), undefined)).toBe(true)
    expect(hasChanged(singlePosition(3), singlePosition(4))).toBe(true)
    expect(hasChanged({ focus: 3, range: [2, 4] }, { focus: 3, range: [2, 5] })).toBe(true)
    expect(hasChanged({ focus: 3, range: [2, 4] }, { focus: 3, range: [1, 4] })).toBe(true)
    expect(hasChanged({ focus: 3, range: [2, 4] }, singlePosition(3))).toBe(true)
  })

  it('moves into a shorter text', () => {
    expect(clampSelection({ focus: 9, range: [4, 9] }, 7)).toEqual({ focus: 6, range: [4, 6] })
    expect(clampSelection({ focus: 9, range: [7, 9] }, 5)).toEqual(singlePosition(4))
  })

  it('shows the whole text without a range', () => {
    expect(shownPositions(singlePosition(2), 10)).toEqual([0, 9])
    expect(shownPositions({ focus: 3, range: [2, 4] }, 10)).toEqual([2, 4])
  })
})
