/** Whether the links of the built pages lead somewhere. */

/** `pages`: path from the site's root ("bai-hoc/01-x/index.html") -> its HTML. Returns one sentence for each fault. */
export function findBrokenLinks(pages: ReadonlyMap<string, string>): string[] {
  const anchors = new Map([...pages].map(([path, html]) => [path, new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id!))]))
  const faults: string[] = []
  for (const [path, html] of pages) {
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id!)
    for (const id of new Set(ids.filter((each, index) => ids.indexOf(each) !== index))) faults.push(`${path}: two elements have the id ${id}`)
    for (const [, href = ''] of html.matchAll(/<a\s[^>]*?href="([^"]*)"/g)) {
      if (href.startsWith('https://')) continue
      const url = new URL(href, `site:///${path}`)
      if (url.protocol !== 'site:') {
        faults.push(`${path}: ${href} is no https address`)
        continue
      }
      const target = url.pathname.slice(1)
      const ids = anchors.get(target)
      if (!ids) faults.push(`${path}: no page ${href}`)
      else if (url.hash !== '' && !ids.has(decodeURIComponent(url.hash.slice(1)))) faults.push(`${path}: nothing is named ${href}`)
    }
  }
  return faults
}
