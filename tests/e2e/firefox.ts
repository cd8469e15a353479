/**
 * Firefox by Marionette, its own remote control. Not by WebDriver BiDi: with a BiDi session, whatever it subscribes to,
 * Firefox 153 stops for ever in one page of ten whose workers start workers (21 of 220); by Marionette it did in none of 60.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const preferences = {
  'marionette.port': 0, // any free one, which it writes down
  // No page of Firefox's own, and no first start's questions to other hosts.
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'services.settings.server': 'data:,',
}

type Send = <Value>(command: string, parameters?: object) => Promise<Value>

export interface Firefox {
  /** Resolves when the page begins to come. */
  open: (url: string) => Promise<void>
  /**
   * What `probe` returns in the page, asked again and again until that is not null; it sees `args` and the page alone.
   * Rejects with what the last page threw, or after `milliseconds`.
   */
  ask: <Args extends unknown[], Value>(
    milliseconds: number,
    probe: (...args: Args) => Value | null,
    ...args: Args
  ) => Promise<Value>
  /** What pages at this address threw, or were forbidden by their policy, since the last call. */
  takeFaults: (address: string) => Promise<string[]>
  close: () => Promise<void>
}

/** `executable`: firefox or firefox-esr. */
export async function startFirefox(executable: string): Promise<Firefox> {
  const profile = mkdtempSync(join(tmpdir(), 'soi-firefox-'))
  const lines = Object.entries(preferences).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`)
  writeFileSync(join(profile, 'user.js'), lines.join('\n'))
  const options = ['--headless', '--no-remote', '--marionette', '--remote-allow-system-access', '--profile', profile]
  const browser = spawn(executable, options, { stdio: 'ignore' })
  const ended = new Promise<never>((_, reject) => {
    browser.once('error', reject)
    browser.once('close', () => reject(new Error(`${executable} ended.`)))
  })
  const closed = ended.catch(() => undefined)
  const send = speak(await Promise.race([activePort(profile), ended]))
  await send('WebDriver:NewSession', { pageLoadStrategy: 'none' })

  return {
    async open(url) {
      await send('WebDriver:Navigate', { url })
    },
    async ask<Args extends unknown[], Value>(
      milliseconds: number,
      probe: (...args: Args) => Value | null,
      ...args: Args
    ): Promise<Value> {
      const script = `return (${probe.toString()})(...arguments)`
      const end = Date.now() + milliseconds
      let fault = 'the page did not answer in time'
      while (Date.now() < end) {
        try {
          const { value } = await send<{ value: Value | null }>('WebDriver:ExecuteScript', { script, args })
          if (value !== null) return value
        } catch (error) {
          fault = String(error) // also while one page is replaced by another
        }
        await sleep(100)
      }
      throw new Error(`${await pageOf(send)}: ${fault}`)
    },
    async takeFaults(address) {
      await send('Marionette:SetContext', { value: 'chrome' })
      const script = `const messages = Services.console.getMessageArray()
        Services.console.reset()
        const { errorFlag, warningFlag } = Ci.nsIScriptError
        return messages.filter((each) => each instanceof Ci.nsIScriptError && !(each.flags & warningFlag))
          .map(({ sourceName, errorMessage }) => sourceName + ': ' + errorMessage)`
      const { value } = await send<{ value: string[] }>('WebDriver:ExecuteScript', { script, args: [] })
      await send('Marionette:SetContext', { value: 'content' })
      // The standard's way to put an observation off to the next frame, not an error.
      return value.filter((fault) => fault.startsWith(address) && !fault.includes('ResizeObserver loop'))
    },
    async close() {
      browser.kill()
      await closed
      rmSync(profile, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

async function pageOf(send: Send): Promise<string> {
  return (await send<{ value: string }>('WebDriver:GetCurrentURL')).value
}

async function activePort(profile: string): Promise<number> {
  const file = join(profile, 'MarionetteActivePort')
  while (!existsSync(file) || readFileSync(file, 'utf8') === '') await sleep(100)
  return Number(readFileSync(file, 'utf8'))
}

/** Messages are `length:json`; json is [0, id, command, parameters] there and [1, id, error, result] back. */
function speak(port: number): Send {
  const socket = connect(port, '127.0.0.1')
  const waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>()
  let received = Buffer.alloc(0)
  let nextId = 1
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk])
    for (;;) {
      const colon = received.indexOf(':')
      const end = colon + 1 + Number(received.subarray(0, Math.max(0, colon)))
      if (colon < 0 || received.length < end) return
      const message = JSON.parse(received.toString('utf8', colon + 1, end)) as unknown
      received = received.subarray(end)
      if (!Array.isArray(message)) continue // its greeting
      const [, id, error, result] = message as [1, number, { message: string } | null, never]
      const asked = waiting.get(id)
      waiting.delete(id)
      if (error) asked?.reject(new Error(error.message))
      else asked?.resolve(result)
    }
  })
  socket.on('error', () => undefined) // 'close' follows
  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('Firefox hung up.'))
  })
  return (command, parameters = {}) =>
    new Promise((resolve, reject) => {
      const id = nextId++
      waiting.set(id, { resolve, reject })
      const message = JSON.stringify([0, id, command, parameters])
      socket.write(`${Buffer.byteLength(message)}:${message}`)
    })
}
