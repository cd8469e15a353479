// node tools/serve/main.mjs [--port N] [--host ADDRESS] [--no-isolation]: serves build/site until it is interrupted.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { serve } from './server.mjs'

function fail(message, hint) {
  console.error(`soi: error: ${message}\nsoi: ${hint}`)
  process.exit(1)
}

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8080' },
    host: { type: 'string', default: '127.0.0.1' },
    'no-isolation': { type: 'boolean', default: false },
  },
})
const port = Number(values.port)
if (!Number.isInteger(port) || port < 0 || port > 65535) fail(`no port: ${values.port}`, 'A port is 0 to 65535.')
const folder = resolve(import.meta.dirname, '../../build/site')
if (!existsSync(join(folder, 'index.html'))) fail('build/site is not there', 'Run tools/run, which builds it.')

try {
  const site = await serve({ folder, port, host: values.host, isolation: !values['no-isolation'] })
  console.log(`Soi: ${site.url}`)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => void site.close().then(() => process.exit(0)))
  }
} catch (error) {
  if (error.code === 'EADDRINUSE') fail(`port ${port} is taken`, `Choose another: tools/run --port ${port + 1}`)
  if (error.code === 'EACCES') fail(`port ${port} takes root`, 'Choose one from 1024 on: tools/run --port 8080')
  fail(`the server did not start: ${error.message}`, 'Look at --host and --port.')
}
