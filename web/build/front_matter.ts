/** The head of a lesson.md: `key: value` lines between two lines of `---`. */

export interface FrontMatter {
  title: string
  question: string
  summary: string
  /** The experiment's name, as `soi lesson` takes it. */
  experiment: string
  /** Title of the course's document that the lesson goes through. */
  document: string
}

const keys = ['title', 'question', 'summary', 'experiment', 'document'] as const

export interface LessonSource {
  matter: FrontMatter
  body: string
  /** Lines of the file before the body. */
  bodyLine: number
}

/** Throws with the file's name and line where the head is not as it should be. */
export function readFrontMatter(text: string, file: string): LessonSource {
  const lines = text.split('\n')
  const end = lines.indexOf('---', 1)
  if (lines[0] !== '---' || end < 0) throw new Error(`${file}:1: the file begins with front matter between two lines of ---`)
  const found = new Map<string, string>()
  lines.slice(1, end).forEach((line, index) => {
    const [, key, value] = /^([a-z]+):\s+(\S.*)$/.exec(line) ?? []
    const place = `${file}:${index + 2}`
    if (key === undefined || value === undefined) throw new Error(`${place}: not a line of "key: value"`)
    if (!keys.some((known) => known === key)) throw new Error(`${place}: unknown key ${key}; known are ${keys.join(', ')}`)
    if (found.has(key)) throw new Error(`${place}: ${key} is there twice`)
    found.set(key, value.trim())
  })
  const missing = keys.filter((key) => !found.has(key))
  if (missing.length > 0) throw new Error(`${file}:1: front matter lacks ${missing.join(', ')}`)
  const matter = Object.fromEntries(found) as unknown as FrontMatter
  return { matter, body: lines.slice(end + 1).join('\n'), bodyLine: end + 1 }
}
