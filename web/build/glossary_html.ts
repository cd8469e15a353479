/** The glossary's page: each term in Vietnamese and English, one line, and the lessons that use it. */
import { frameStrings, glossaryStrings as strings } from '../page/strings/lesson'
import { escapeXml } from '../plots/figure_svg'
import { type Glossary, type GlossaryEntry, anchorOf } from './glossary'
import type { LessonFile } from './lesson_files'
import { lessonHref } from './navigation'

const root = '../'

export function glossaryPageHtml(glossary: Glossary, users: ReadonlyMap<GlossaryEntry, readonly LessonFile[]>): string {
  const entries = glossary.entries.map((entry) => {
    const links = (users.get(entry) ?? []).map(
      ({ slug, number, source }) => `<a href="${lessonHref(root, slug)}" title="${escapeXml(source.matter.title)}">${frameStrings.lesson(number)}</a>`,
    )
    // A word kept in English is not said twice.
    const english = entry.english === entry.term ? '' : ` <span class="english" lang="en">${escapeXml(entry.english)}</span>`
    return (
      `<div class="glossary-entry" id="${anchorOf(entry.term)}"><dt>${escapeXml(entry.term)}${english}</dt>` +
      `<dd>${escapeXml(entry.meaning)}${links.length > 0 ? ` <span class="used-in">${strings.usedIn} ${links.join(', ')}.</span>` : ''}</dd></div>`
    )
  })
  return `<!doctype html>
<html lang="vi">
  <head>
    <meta charset="utf-8">
    <title>${strings.title} · Soi</title>
    <meta name="description" content="${strings.description}">
    <link rel="stylesheet" href="${root}page/styles/site.css">
    <link rel="stylesheet" href="${root}lesson/styles/glossary.css">
    <script type="module" src="${root}page/site.ts"></script>
  </head>
  <body>
    <!-- header -->
    <main id="main">
      <h1>${strings.title}</h1>
      <p class="lede">${strings.description}</p>
      <dl class="glossary">${entries.join('\n')}</dl>
    </main>
    <!-- footer -->
  </body>
</html>
`
}
