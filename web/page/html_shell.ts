/** Build time: puts the head, header and footer that all pages share into each page's HTML. */
import type { Plugin } from 'vite'
import securityHeaders from './security_headers.json' with { type: 'json' }
import { footerHtml, headerHtml } from './strings/shell'

/** '' for the page at the root, '../' for one a folder below. */
function pathToRoot(page: string): string {
  const depth = page.split('/').length - 2
  return '../'.repeat(depth)
}

const headHtml = (root: string) => `
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="${root}favicon.svg" type="image/svg+xml">
    <script vite-ignore src="${root}theme.js"></script>`

export function htmlShell(): Plugin {
  let isBuild = false
  return {
    name: 'soi-html-shell',
    configResolved(config) {
      isBuild = config.command === 'build'
    },
    transformIndexHtml: {
      order: 'pre',
      handler(html, { path }) {
        const root = pathToRoot(path)
        // Vite's development server injects inline scripts, so there the header that it sends is all there is.
        const policy = isBuild
          ? `\n    <meta http-equiv="Content-Security-Policy" content="${securityHeaders['Content-Security-Policy']}">`
          : ''
        return html
          .replace('<html lang="vi">', `<html lang="vi" data-root="${root || './'}">`)
          .replace('<meta charset="utf-8">', `<meta charset="utf-8">${policy}${headHtml(root)}`)
          .replace('<!-- header -->', headerHtml(root, path))
          .replace('<!-- footer -->', footerHtml(root))
      },
    },
    generateBundle() {
      const lines = Object.entries(securityHeaders).map(([name, value]) => `  ${name}: ${value}`)
      this.emitFile({ type: 'asset', fileName: '_headers', source: `/*\n${lines.join('\n')}\n` })
    },
  }
}
