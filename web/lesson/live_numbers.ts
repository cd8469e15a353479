/** Numbers in the prose that follow what the page shows: `{{figure:NAME|format}}` in lesson.md. */
import { formatFigure } from '../page/numbers'
import type { LessonStore } from './lesson_store'

export function followResult(store: LessonStore, root: ParentNode): void {
  const numbers = [...root.querySelectorAll<HTMLElement>('.live-number')]
  store.addEventListener('change', () => {
    const result = store.shown?.result
    if (!result) return
    for (const element of numbers) {
      const { figure = '', format = '' } = element.dataset
      const value = result.figures[figure]?.value
      const text = value === undefined || Array.isArray(value) ? '–' : formatFigure(value, format)
      if (element.textContent !== text) element.textContent = text
    }
  })
}
