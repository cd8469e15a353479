import { posix } from 'node:path'
import { rooms } from './rooms.mjs'

const cpp = /\.(h|inc|cpp)$/
const script = /\.(ts|mts|mjs|js)$/
const includes = /^[ \t]*#[ \t]*include[ \t]+"([^"]+)"/gm
// import ... from '...', import '...', export ... from '...', import('...'), new URL('...', import.meta.url)
const scriptImports =
  /(?:^[ \t]*import[ \t]*|^[ \t]*(?:import|export)\b[^'"`;]*?\bfrom[ \t]*|\bimport\([^'"`)]*|\bnew URL\()(['"`])([^'"`\n]+)\1/gm

/** The room that holds a file; undefined where none does. */
export function roomOf(file) {
  return Object.keys(rooms)
    .filter((room) => file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0]
}

/** The project's own files that a source imports, as paths from the root. Packages are left out. */
export function importsOf(file, text) {
  const folder = posix.dirname(file)
  if (cpp.test(file)) {
    return [...text.matchAll(includes)].map(([, path]) => (path.includes('/') ? path : posix.join(folder, path)))
  }
  return [...text.matchAll(scriptImports)]
    .map(([, , path]) => path)
    .filter((path) => path.startsWith('.'))
    .map((path) => posix.join(folder, path))
}

/** The lesson that a file belongs to: the name of its folder under lessons/. */
const lessonOf = (file) => (file.startsWith('lessons/') ? file.split('/')[1] : undefined)

/**
 * What breaks the direction of imports, one sentence each.
 * @param {Iterable<[string, string]>} sources path from the root, text
 * @returns {string[]}
 */
export function findViolations(sources) {
  const violations = []
  for (const [file, text] of sources) {
    if (!cpp.test(file) && !script.test(file)) continue
    if (!file.includes('/')) continue // configuration of a tool, at the root
    const room = roomOf(file)
    if (/(^|\/)utils?(\/|\.|$)/.test(file)) violations.push(`${file}: name the idea; there is no utils`)
    if (room === undefined) {
      violations.push(`${file}: in no room of tools/check_imports/rooms.mjs`)
      continue
    }
    for (const imported of importsOf(file, text)) {
      const target = roomOf(imported)
      if (target === undefined) {
        violations.push(`${file}: imports ${imported}, which is in no room`)
      } else if (target !== room && !rooms[room].includes(target)) {
        violations.push(`${file}: ${room} may not import ${target} (${imported})`)
      } else if (room === 'lessons' && target === 'lessons' && lessonOf(file) !== lessonOf(imported)) {
        violations.push(`${file}: lessons never import each other (${imported})`)
      }
    }
  }
  return violations
}
