import { createReadStream, readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'

const securityHeaders = JSON.parse(
  readFileSync(`${import.meta.dirname}/../../web/page/security_headers.json`, 'utf8'),
)
/** Without these two a page has no shared memory, hence no threads. */
const isolationHeaders = ['Cross-Origin-Opener-Policy', 'Cross-Origin-Embedder-Policy']

const mediaTypes = {
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
}

/**
 * Serves a folder.
 * @param {object} options
 * @param {string} options.folder
 * @param {number} [options.port] 0: any free one
 * @param {string} [options.host]
 * @param {boolean} [options.isolation] send the headers for cross-origin isolation
 * @param {string} [options.base] the path that the folder answers under, with a slash at both ends
 * @returns {Promise<{ url: string, close: () => Promise<void> }>} rejects with `code` EADDRINUSE where the port is taken
 */
export function serve({ folder, port = 0, host = '127.0.0.1', isolation = true, base = '/' }) {
  const headers = Object.entries(securityHeaders).filter(([name]) => isolation || !isolationHeaders.includes(name))
  const server = createServer((request, response) => {
    for (const [name, value] of headers) response.setHeader(name, value)
    response.setHeader('Cache-Control', 'no-cache')
    answer(request, response, folder, base).catch(() => sendText(response, 500, 'The file could not be read.'))
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const name = ['127.0.0.1', '0.0.0.0', '::'].includes(host) ? 'localhost' : host
      resolve({ url: `http://${name}:${server.address().port}${base}`, close: () => close(server) })
    })
  })
}

function close(server) {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

async function answer(request, response, folder, base) {
  if (request.method !== 'GET' && request.method !== 'HEAD') return sendText(response, 405, 'Only GET and HEAD.')
  const path = pathOf(request.url)
  if (path === undefined) return sendText(response, 400, 'The address is malformed.')
  if (!path.startsWith(base)) return sendText(response, 404, 'Not found.')
  const inFolder = path.slice(base.length)
  // A host's own configuration is not for visitors.
  if (inFolder === '_headers') return sendText(response, 404, 'Not found.')
  const file = join(folder, inFolder)
  const found = await stat(file).catch(() => undefined)
  if (found?.isDirectory() && !path.endsWith('/')) {
    // Relative, so that it holds behind any proxy.
    const { search } = new URL(request.url, 'http://localhost')
    response.writeHead(301, { Location: `${encodeURIComponent(path.split('/').at(-1))}/${search}` }).end()
    return
  }
  return sendFile(request, response, found?.isDirectory() ? join(file, 'index.html') : file)
}

/** The decoded path; undefined for one that is malformed. WHATWG's parser has already resolved any `..`. */
function pathOf(url) {
  try {
    const path = decodeURIComponent(new URL(url, 'http://localhost').pathname)
    return path.includes('\0') || path.split(/[/\\]/).includes('..') ? undefined : path
  } catch {
    return undefined
  }
}

async function sendFile(request, response, file) {
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile()) return sendText(response, 404, 'Not found.')
  response.writeHead(200, {
    'Content-Type': mediaTypes[extname(file)] ?? 'application/octet-stream',
    'Content-Length': found.size,
  })
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response)
}

function sendText(response, status, text) {
  if (response.headersSent) return response.destroy()
  return response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
}
