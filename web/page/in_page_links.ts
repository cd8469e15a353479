/**
 * Links within a page whose `#` belongs to its state (permalink.ts): they scroll and move the focus, and leave the address
 * alone. Without JavaScript the browser follows them.
 */

export function followInPageLinks(page: Document): void {
  page.addEventListener('click', (event) => {
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey
    const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null
    if (!link || !isPlain || event.defaultPrevented) return
    const target = page.getElementById(decodeURIComponent(link.getAttribute('href')!.slice(1)))
    if (!target) return
    event.preventDefault()
    goTo(target)
  })
}

function goTo(target: HTMLElement): void {
  for (let folded = target.closest('details'); folded; folded = folded.parentElement?.closest('details') ?? null) folded.open = true
  target.scrollIntoView()
  if (target.tabIndex < 0 && !target.hasAttribute('tabindex')) {
    target.setAttribute('tabindex', '-1')
    target.addEventListener('blur', () => target.removeAttribute('tabindex'), { once: true })
  }
  target.focus({ preventScroll: true })
}
