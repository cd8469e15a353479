/**
 * Build time: makes the lessons' pages (bai-hoc/NN-slug/), the glossary's (thuat-ngu/) and the home page's list of lessons
 * from lessons/, with each experiment's result for its default settings.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { type Plugin, runnerImport } from 'vite'
import type { LessonDefinition } from '../lesson/define_lesson'
import type { LessonResult, LessonSpec } from '../engine/engine'
import { type ClaimMeta, claimMetas } from '../lesson/ledger_html'
import type { LessonFacts } from '../lesson/lesson_store'
import { packResult } from '../lesson/packed_result'
import { checkLesson } from './check_lesson'
import { findBrokenLinks } from './check_links'
import type { Glossary, GlossaryEntry } from './glossary'
import { glossaryPageHtml } from './glossary_html'
import { katexSheet } from './katex_css'
import { type LessonFile, readGlossary, readLessons } from './lesson_files'
import { lessonPageHtml } from './lesson_html'
import { lessonDirectives } from './lesson_parts'
import { MathStyles } from './math'
import { glossaryFolder, lessonTableHtml, lessonsFolder } from './navigation'
import { type PrecomputePaths, PrecomputedResults } from './precomputed_results'
import { renderMarkdown } from './render_markdown'

export interface LessonPagesOptions extends PrecomputePaths {
  /** Where the formulas' fonts are put. */
  fonts: string
  /** Folders of the lessons that are made; null: all of them. */
  only: readonly string[] | null
  /** The sources' folders: lessons/ and web/. */
  lessons: string
  web: string
}

/** A lesson with what its page is made of. */
interface Lesson {
  file: LessonFile
  spec: LessonSpec
  result: LessonResult
  metas: Record<string, ClaimMeta>
  html: string
}

/** What all lessons' results were made by. */
type Made = Pick<LessonFacts, 'engine' | 'demo'>

export function lessonPages(options: LessonPagesOptions): Plugin {
  const { web } = options
  const glossaryPage = `${glossaryFolder}/index.html`
  const mathSheet = `${web}/${lessonsFolder}/math.css`
  const pageOf = (slug: string) => `${lessonsFolder}/${slug}/index.html`
  const { fonts } = options
  let files: LessonFile[] = []
  let lessons = new Map<string, Lesson>()
  /** What Vite asks for as files of web/, and which are not on disk. */
  let sources = new Map<string, string>()

  async function makeMathSheet(html: string, styles: MathStyles): Promise<string> {
    const sheet = await katexSheet(html, relative(dirname(mathSheet), fonts))
    await mkdir(fonts, { recursive: true })
    for (const [name, font] of sheet.fonts) await writeFile(`${fonts}/${name}`, font)
    return sheet.css + styles.css
  }

  return {
    name: 'soi-lesson-pages',
    apply: 'build',

    async config() {
      files = (await readLessons(options.lessons)).filter(({ slug }) => options.only?.includes(slug) ?? true)
      const pages = [...files.map(({ slug }) => pageOf(slug)), glossaryPage]
      return { build: { rolldownOptions: { input: Object.fromEntries(pages.map((page) => [page.replaceAll(/\W/g, '_'), `${web}/${page}`])) } } }
    },

    async buildStart() {
      const styles = new MathStyles()
      const glossary = await readGlossary(options.lessons)
      const users = new Map<GlossaryEntry, LessonFile[]>()
      const results = new PrecomputedResults(options)
      const made: Made = { engine: await results.engine(), demo: await results.demo() }
      try {
        lessons = new Map()
        for (const file of files) {
          const lesson = await makeLesson(file, files, { glossary, styles, results, users, warn: (message) => this.warn(message) })
          lessons.set(file.slug, lesson)
        }
      } finally {
        results.close()
      }
      const pages = new Map([...lessons].map(([slug, { html }]) => [pageOf(slug), html]))
      pages.set(glossaryPage, glossaryPageHtml(glossary, users))
      const faults = findBrokenLinks(new Map([...pages, ['index.html', '<p id="bai-hoc"></p>']]))
      if (faults.length > 0) throw new Error(faults.join('\n'))
      sources = new Map([...pages].map(([path, html]) => [`${web}/${path}`, html]))
      sources.set(mathSheet, await makeMathSheet([...pages.values()].join(''), styles))
      for (const [slug, lesson] of lessons) sources.set(`${web}/${lessonsFolder}/${slug}/page.ts`, entryOf(lesson, made, options))
    },

    resolveId(source, importer) {
      const path = absoluteSource(source, importer)
      return sources.has(path) ? path : null
    },

    load(id) {
      return sources.get(id) ?? null
    },

    transformIndexHtml: {
      order: 'pre',
      handler: (html) => html.replace('<!-- lessons -->', () => lessonTableHtml('./', files, null)),
    },

    generateBundle() {
      for (const [slug, { result }] of lessons) {
        const { json, arrays } = packResult(result)
        this.emitFile({ type: 'asset', fileName: `${lessonsFolder}/${slug}/result.json`, source: json })
        this.emitFile({ type: 'asset', fileName: `${lessonsFolder}/${slug}/result.bin`, source: arrays })
      }
    },
  }
}

/** Plain paths: in an address, a folder with a space or a Vietnamese letter would have another name. */
export function absoluteSource(source: string, importer: string | undefined): string {
  const [file = ''] = source.split('?')
  return importer !== undefined && source.startsWith('.') ? resolve(dirname(importer), file) : source
}

interface Workshop {
  glossary: Glossary
  styles: MathStyles
  results: PrecomputedResults
  users: Map<GlossaryEntry, LessonFile[]>
  warn: (message: string) => void
}

async function makeLesson(file: LessonFile, files: readonly LessonFile[], { glossary, styles, results, users, warn }: Workshop): Promise<Lesson> {
  const { module } = await runnerImport<{ default: LessonDefinition }>(`${file.folder}/lesson.ts`)
  const definition = module.default
  const { experiment } = file.source.matter
  if (definition.experiment !== experiment) throw new Error(`${file.file}: experiment is ${experiment} here, ${definition.experiment} in lesson.ts`)
  const spec = await results.specOf(experiment)
  const result = await results.resultOf(spec)
  const claims = JSON.parse(await readFile(`${file.folder}/claims.json`, 'utf8')) as Parameters<typeof claimMetas>[0]
  const metas = claimMetas(claims)
  const used = new Set<string>()
  const { html, terms } = renderMarkdown(file.source, {
    file: file.file,
    directives: lessonDirectives({ definition, spec, result, metas }, used),
    glossary,
    glossaryHref: `../../${glossaryFolder}/index.html`,
    styles,
    figures: singleFigures(result),
  })
  for (const term of terms) users.set(term, [...(users.get(term) ?? []), file])
  const { errors, warnings } = checkLesson(definition, spec, result, used)
  if (errors.length > 0) throw new Error(errors.map((error) => `lessons/${file.slug}: ${error}`).join('\n'))
  for (const warning of warnings) warn(`lessons/${file.slug}: ${warning}`)
  return { file, spec, result, metas, html: lessonPageHtml(file, files, html) }
}

function singleFigures(result: LessonResult): Record<string, number | null> {
  const single = Object.entries(result.figures).filter(([, { value }]) => !Array.isArray(value))
  return Object.fromEntries(single.map(([name, { value }]) => [name, value as number | null]))
}

/** The page's own script: the lesson's definition handed to the framework. */
function entryOf({ file, spec, metas }: Lesson, made: Made, { web }: LessonPagesOptions): string {
  const facts: LessonFacts = { slug: file.slug, spec, metas, ...made }
  return (
    `import definition from ${JSON.stringify(`${file.folder}/lesson.ts`)}\n` +
    `import { startLesson } from ${JSON.stringify(`${web}/lesson/lesson_page.ts`)}\n` +
    `startLesson(definition, ${JSON.stringify(facts)})\n`
  )
}
