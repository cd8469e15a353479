/** A whole lesson's page, before Vite and the shell (page/html_shell.ts) do their part. */
import { frameStrings as strings } from '../page/strings/lesson'
import { escapeXml } from '../plots/figure_svg'
import type { LessonFile } from './lesson_files'
import { breadcrumbHtml, lessonTableHtml, pagerHtml } from './navigation'

const root = '../../'

export function lessonPageHtml(lesson: LessonFile, lessons: readonly LessonFile[], body: string): string {
  const { title, question, summary, document } = lesson.source.matter
  const number = strings.lesson(lesson.number)
  return `<!doctype html>
<html lang="vi">
  <head>
    <meta charset="utf-8">
    <title>${escapeXml(title)} · Soi</title>
    <meta name="description" content="${escapeXml(summary)}">
    <link rel="stylesheet" href="${root}page/styles/site.css">
    <link rel="stylesheet" href="${root}plots/plots.css">
    <link rel="stylesheet" href="${root}lesson/styles/lesson.css">
    <link rel="stylesheet" href="../math.css">
    <script type="module" src="${root}page/site.ts"></script>
    <script type="module" src="./page.ts"></script>
  </head>
  <body>
    <!-- header -->
    <main id="main" class="lesson">
      ${breadcrumbHtml(root, number)}
      <header class="lesson-head">
        <p class="lesson-number">${number}</p>
        <h1>${escapeXml(title)}</h1>
        <p class="lede">${escapeXml(question)}</p>
        <p class="note lesson-document">${strings.source}: <cite>${escapeXml(document)}</cite></p>
        <noscript><p class="note">${strings.noScript}</p></noscript>
      </header>
      <article class="lesson-body">
${body}
      </article>
      <soi-lesson-tools class="no-print"></soi-lesson-tools>
      <footer class="lesson-foot">
        ${pagerHtml(root, lessons, lesson)}
        <h2 id="cac-bai-hoc">${strings.lessons}</h2>
        ${lessonTableHtml(root, lessons, lesson)}
      </footer>
    </main>
    <!-- footer -->
  </body>
</html>
`
}
