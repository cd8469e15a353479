/** The element that the page's HTML holds for a script; throws where the two have come apart. */
export function pageElement<T extends HTMLElement>(selector: string, type: new () => T): T {
  const found = document.querySelector(selector)
  if (!(found instanceof type)) throw new Error(`${selector} is not in the page as ${type.name}`)
  return found
}
