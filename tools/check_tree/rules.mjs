// Each rule takes the tree as a map from path to text and returns a sentence for each fault.
// Words that the rules look for are written in pieces, so that this file is no fault itself.

import { posix } from 'node:path'

/** @typedef {Map<string, string>} Tree */

const readmeLines = 15

/** Every file in `tree` whose text matches, with the line. */
function findLines(tree, pattern, describe) {
  const faults = []
  for (const [path, text] of tree) {
    text.split('\n').forEach((line, index) => {
      const found = pattern.exec(line)
      if (found) faults.push(`${path}:${index + 1}: ${describe(found[0])}`)
    })
  }
  return faults
}

/** No path of one machine: a clone works anywhere. */
export function machinePaths(tree) {
  const homes = new RegExp(`(?<![\\w.$}-])/(${['wo' + 'rk', 'ro' + 'ot', 'ho' + 'me', 'Us' + 'ers'].join('|')})/`)
  return findLines(tree, homes, (found) => `a path of one machine (${found})`)
}

/** Packages come by name, from whatever registry the reader's machine is set up for. */
export function registryHosts(tree) {
  const hosts = ['pypi' + '.org', 'pythonhosted' + '.org', 'npmjs' + '.org', 'debian' + '.org/debian', 'crates' + '.io']
  return findLines(tree, new RegExp(hosts.join('|').replaceAll('.', '\\.')), (found) => `a package registry's host (${found})`)
}

/** Work that is not done has an issue, not a word in the source. */
export function unfinishedWork(tree) {
  return findLines(tree, new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`), (found) => found)
}

/** One form of each Vietnamese letter. Text that means to be decomposed spells it with escapes. */
export function decomposedText(tree) {
  const faults = []
  for (const [path, text] of tree) {
    if (text === text.normalize('NFC')) continue
    const line = text.split('\n').findIndex((each) => each !== each.normalize('NFC'))
    faults.push(`${path}:${line + 1}: text is not in Unicode's form NFC`)
  }
  return faults
}

/** Each folder down to the second level says what lives in it, in few lines. */
export function readmes(tree) {
  const folders = new Set()
  for (const path of tree.keys()) {
    const [first, second, third] = path.split('/')
    // web/public is copied to the site as it is
    if (first.startsWith('.') || second === undefined || path.startsWith('web/public/')) continue
    folders.add(first)
    if (third !== undefined) folders.add(`${first}/${second}`)
  }
  const faults = [...folders]
    .filter((folder) => !tree.has(`${folder}/README.md`))
    .sort()
    .map((folder) => `${folder}: no README.md`)
  for (const [path, text] of tree) {
    const lines = text.trimEnd().split('\n').length
    if (posix.basename(path) === 'README.md' && path.includes('/') && lines > readmeLines) {
      faults.push(`${path}: ${lines} lines; at most ${readmeLines}`)
    }
  }
  return faults
}

export const rules = [machinePaths, registryHosts, unfinishedWork, decomposedText, readmes]
