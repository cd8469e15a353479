/** What leads from page to page: breadcrumb, previous and next, the lessons in a table. All from front matter. */
import { frameStrings as strings } from '../page/strings/lesson'
import { escapeXml } from '../plots/figure_svg'
import type { LessonFile } from './lesson_files'

export const lessonsFolder = 'bai-hoc'
export const glossaryFolder = 'thuat-ngu'

/** From a page one or two folders below the site's root. */
export function lessonHref(root: string, slug: string): string {
  return `${root}${lessonsFolder}/${slug}/index.html`
}

export function breadcrumbHtml(root: string, here: string): string {
  return (
    `<nav class="breadcrumb" aria-label="${strings.breadcrumb}"><ol>` +
    `<li><a href="${root}index.html">Soi</a></li>` +
    `<li><a href="${root}index.html#bai-hoc">${strings.lessons}</a></li>` +
    `<li aria-current="page">${escapeXml(here)}</li></ol></nav>`
  )
}

export function pagerHtml(root: string, lessons: readonly LessonFile[], current: LessonFile): string {
  const index = lessons.indexOf(current)
  const link = (lesson: LessonFile | undefined, relation: 'prev' | 'next') => {
    if (!lesson) return ''
    const words = relation === 'prev' ? strings.previous : strings.next
    const { title } = lesson.source.matter
    return `<a rel="${relation}" href="${lessonHref(root, lesson.slug)}"><span>${words}</span> ${escapeXml(title)}</a>`
  }
  return `<nav class="pager" aria-label="${strings.pager}">${link(lessons[index - 1], 'prev')}${link(lessons[index + 1], 'next')}</nav>`
}

/** `current`: null on the home page. */
export function lessonTableHtml(root: string, lessons: readonly LessonFile[], current: LessonFile | null): string {
  const rows = lessons.map((lesson) => {
    const { title, question } = lesson.source.matter
    const isCurrent = lesson === current
    const name = isCurrent
      ? `<span aria-current="page">${escapeXml(title)}</span> <span class="here">${strings.current}</span>`
      : `<a href="${lessonHref(root, lesson.slug)}">${escapeXml(title)}</a>`
    return `<tr${isCurrent ? ' class="current"' : ''}><td class="lesson-number">${lesson.number}</td><th scope="row">${name}</th><td>${escapeXml(question)}</td></tr>`
  })
  return (
    `<table class="lesson-table"><caption class="visually-hidden">${strings.lessons}</caption>` +
    `<thead class="visually-hidden"><tr><th scope="col">${strings.lesson(0).split(' ')[0]}</th><th scope="col">${strings.lessons}</th><th scope="col">${strings.question}</th></tr></thead>` +
    `<tbody>${rows.join('')}</tbody></table>`
  )
}
