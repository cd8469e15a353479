import { describe, expect, it } from 'vitest'
import { groupsOf } from '../../../web/plots/token_groups'

const tokens = [[0x61], [0x20, 0xe1, 0xba], [0xbf], [0xff], [0xfe]].map((bytes, id) => ({ id, bytes: new Uint8Array(bytes) }))

describe('groups of tokens', () => {
  it('say which characters they make together', () => {
    expect(groupsOf(tokens.slice(0, 3), [0, 1])).toEqual([
      { first: 0, end: 1, characters: null },
      { first: 1, end: 3, characters: '·ế' },
    ])
  })

  it('may make none', () => {
    expect(groupsOf(tokens.slice(3), [0])).toEqual([{ first: 0, end: 2, characters: null }])
  })

  it('are none without tokens', () => {
    expect(groupsOf([], [])).toEqual([])
  })
})
