/** Starts a lesson's page: one store, handed to every element of it. The build writes the call (web/build). */
import { followInPageLinks } from '../page/in_page_links'
import { showTermHints } from '../page/term_hints'
import './code_element'
import './controls_element'
import type { LessonDefinition } from './define_lesson'
import type { LessonResult } from '../engine/engine'
import './ledger_element'
import { LessonElement } from './lesson_element'
import { type LessonFacts, LessonStore } from './lesson_store'
import { followResult } from './live_numbers'
import { unpackResult } from './packed_result'
import './plot_element'
import './prediction_element'
import './run_element'
import './tools_element'

export function startLesson(definition: LessonDefinition, facts: LessonFacts): void {
  const store = new LessonStore(definition, facts)
  followResult(store, document)
  for (const element of document.querySelectorAll('*')) if (element instanceof LessonElement) element.store = store
  showTermHints(document)
  followInPageLinks(document)
  letFormulasScroll()
  openForPrint()
  void store.start(afterFirstPaint().then(fetchPrecomputed))
}

/** The text and its drawings come first. */
function afterFirstPaint(): Promise<void> {
  return new Promise((resolve) => {
    const wait = 'requestIdleCallback' in globalThis ? requestIdleCallback : setTimeout
    wait(() => resolve())
  })
}

async function fetchPrecomputed(): Promise<LessonResult | null> {
  try {
    const [json, arrays] = await Promise.all(['result.json', 'result.bin'].map((name) => fetch(new URL(name, document.baseURI))))
    if (!json?.ok || !arrays?.ok) return null
    return unpackResult(await json.text(), await arrays.arrayBuffer())
  } catch {
    return null
  }
}

/** A formula that is wider than its column scrolls; the keyboard must reach it. */
function letFormulasScroll(): void {
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.setAttribute('tabindex', '0')
      else target.removeAttribute('tabindex')
    }
  })
  for (const formula of document.querySelectorAll('.formula, .table-scroll')) observer.observe(formula)
}

/** Paper has nothing to click on: hints, answers and the whole ledger are printed. */
function openForPrint(): void {
  window.addEventListener('beforeprint', () => {
    const closed = [...document.querySelectorAll<HTMLDetailsElement>('.lesson-body details:not([open])')]
    for (const details of closed) details.open = true
    window.addEventListener('afterprint', () => closed.forEach((details) => (details.open = false)), { once: true })
  })
}
