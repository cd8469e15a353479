import { describe, expect, test } from 'vitest'
import {
  decomposedText,
  machinePaths,
  readmes,
  registryHosts,
  unfinishedWork,
} from '../../tools/check_tree/rules.mjs'

const tree = (files) => new Map(Object.entries(files))

describe('what must hold of the tree', () => {
  // Written in pieces: this file is checked too.
  test.each([
    ['/ho' + 'me/an/soi/model.safetensors'],
    ['cd /wo' + 'rk/main'],
    ["'/ro" + "ot/.cache'"],
  ])('a path of one machine is found: %s', (line) => {
    expect(machinePaths(tree({ 'tools/x': `first\n${line}\n` }))).toEqual([expect.stringContaining('tools/x:2')])
  })

  test.each(['https://example.com/ho' + 'me/', '$HOME/.cache/soi', './wo' + 'rk/x', '/usr/include'])(
    'no path of one machine: %s',
    (line) => expect(machinePaths(tree({ 'tools/x': line }))).toEqual([]),
  )

  test('a package registry by its host is found', () => {
    const line = 'https://registry.npmjs' + '.org/lit'
    expect(registryHosts(tree({ 'package-lock.json': line }))).toHaveLength(1)
    expect(registryHosts(tree({ 'package-lock.json': 'npm install lit' }))).toEqual([])
  })

  test('unfinished work is found', () => {
    expect(unfinishedWork(tree({ 'core/x.cpp': '// TO' + 'DO: later' }))).toHaveLength(1)
    expect(unfinishedWork(tree({ 'core/x.cpp': 'int TODOS = 1; // mastodon' }))).toEqual([])
  })

  test('decomposed letters are found', () => {
    const word = 'Tiếng Việt'
    expect(decomposedText(tree({ 'web/a.ts': word }))).toEqual([])
    expect(decomposedText(tree({ 'web/a.ts': `${word}\n${word.normalize('NFD')}` }))).toEqual([
      expect.stringContaining('web/a.ts:2'),
    ])
  })

  test('a folder without a README, and one that is too long, are found', () => {
    const long = 'line\n'.repeat(16)
    expect(readmes(tree({ 'core/README.md': 'x', 'core/model/a.cpp': '' }))).toEqual(['core/model: no README.md'])
    expect(readmes(tree({ 'web/README.md': long }))).toEqual([expect.stringContaining('at most 15')])
    expect(readmes(tree({ 'README.md': long, '.ci/run': '', 'core/README.md': 'x', 'core/a/README.md': 'x', 'core/a/b/c.h': '' }))).toEqual([])
  })
})
