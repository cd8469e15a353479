// node tools/bench/in_chromium.mjs PROGRAM.js [ARGUMENT...]: runs a benchmark that was built for WASM in Chromium, in a
// worker of an isolated page, and prints what it prints. CHROMIUM is the path of the browser, if it is not Playwright's.
import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { chromium } from '@playwright/test'

const [program, ...programArguments] = process.argv.slice(2)
if (!program) {
  console.error('usage: node tools/bench/in_chromium.mjs PROGRAM.js [ARGUMENT...]')
  process.exit(2)
}
const folder = resolve(dirname(program))
const name = basename(program)

// Emscripten's threads load the program again, by a name that they cannot guess inside this worker.
const worker = `
  self.Module = {
    arguments: ${JSON.stringify(programArguments)},
    mainScriptUrlOrBlob: ${JSON.stringify(name)},
    print: (line) => console.log(line),
    onExit: (status) => postMessage({ status }),
    onAbort: (reason) => postMessage({ status: 1, reason: String(reason) }),
  }
  importScripts(${JSON.stringify(name)})
`
const texts = { '/': ['text/html', '<!doctype html>'], '/worker.js': ['text/javascript', worker] }
const mediaTypes = { '.js': 'text/javascript', '.wasm': 'application/wasm' }

const server = createServer((request, response) => {
  const path = new URL(request.url, 'http://localhost').pathname
  const [type, text] = texts[path] ?? [mediaTypes[extname(path)]]
  response.setHeader('Content-Type', type ?? 'application/octet-stream')
  // Shared memory, hence threads, and finer clocks.
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
  if (text !== undefined) return response.end(text)
  createReadStream(join(folder, basename(path)))
    .on('error', () => response.writeHead(404).end())
    .pipe(response)
})
await new Promise((listening) => server.listen(0, '127.0.0.1', listening))

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] })
try {
  const page = await browser.newPage()
  page.on('console', (message) => {
    if (message.type() === 'log') console.log(message.text())
  })
  await page.goto(`http://127.0.0.1:${server.address().port}/`)
  const { status, reason } = await page.evaluate(
    () =>
      new Promise((done) => {
        const bench = new globalThis.Worker('/worker.js')
        bench.onmessage = ({ data }) => done(data)
        bench.onerror = ({ message }) => done({ status: 1, reason: message })
      }),
  )
  if (reason) console.error(reason)
  process.exitCode = status
} finally {
  await browser.close()
  server.close()
}
