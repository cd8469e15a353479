/** A term of the glossary says what it means where it stands: under the pointer, or under the keyboard's focus. */

const id = 'nghia-cua-tu'
const gap = 6

function makeHint(): HTMLElement {
  const hint = document.createElement('p')
  hint.id = id
  hint.className = 'term-hint no-print'
  hint.setAttribute('role', 'tooltip')
  hint.hidden = true
  document.body.append(hint)
  return hint
}

export function showTermHints(root: ParentNode): void {
  const terms = [...root.querySelectorAll<HTMLElement>('.term[data-meaning]')]
  if (terms.length === 0) return
  const hint = makeHint()
  const hide = () => {
    hint.hidden = true
    for (const term of terms) term.removeAttribute('aria-describedby')
  }
  const show = (term: HTMLElement) => {
    hint.textContent = term.dataset.meaning ?? ''
    hint.hidden = false
    term.setAttribute('aria-describedby', id)
    const [box] = term.getClientRects()
    if (!box) return
    const left = Math.min(box.left, document.documentElement.clientWidth - hint.offsetWidth - gap)
    hint.style.left = `${Math.max(gap, left) + window.scrollX}px`
    hint.style.top = `${box.bottom + gap + window.scrollY}px`
  }
  for (const term of terms) {
    term.addEventListener('pointerenter', () => show(term))
    term.addEventListener('pointerleave', hide)
    term.addEventListener('focus', () => show(term))
    term.addEventListener('blur', hide)
  }
  document.addEventListener('keydown', ({ key }) => key === 'Escape' && hide())
}
