/** The lessons of lessons/: folders with a lesson.md, in the order of their numbers. */
import { existsSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { type LessonSource, readFrontMatter } from './front_matter'
import { Glossary, type GlossaryEntry } from './glossary'

export interface LessonFile {
  /** Of its folder, and of its page: "01-sae-mo-phong". */
  slug: string
  /** From 1. */
  number: number
  /** The folder's path on this machine. */
  folder: string
  /** For messages: "lessons/01-sae-mo-phong/lesson.md". */
  file: string
  source: LessonSource
}

export async function readLessons(folder: string): Promise<LessonFile[]> {
  const slugs = (await readdir(folder)).filter((name) => /^\d\d-[a-z0-9-]+$/.test(name) && existsSync(`${folder}/${name}/lesson.md`))
  return Promise.all(
    slugs.sort().map(async (slug) => {
      const file = `lessons/${slug}/lesson.md`
      const text = await readText(`${folder}/${slug}/lesson.md`, file)
      return { slug, number: Number(slug.slice(0, 2)), folder: `${folder}/${slug}`, file, source: readFrontMatter(text, file) }
    }),
  )
}

export async function readGlossary(folder: string): Promise<Glossary> {
  const file = `${folder}/glossary.json`
  if (!existsSync(file)) return new Glossary([])
  return new Glossary(JSON.parse(await readText(file, 'lessons/glossary.json')) as GlossaryEntry[])
}

async function readText(path: string, file: string): Promise<string> {
  const text = await readFile(path, 'utf8')
  if (text !== text.normalize('NFC')) throw new Error(`${file}: text is not in Unicode's form NFC`)
  return text
}
