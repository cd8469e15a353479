/** The worker's entry: a Server over this thread's messages, reading files where a worker may, synchronously. */
import type { ReadSlice } from './module'
import type { ToWorker } from './protocol'
import { readAhead } from './read_ahead'
import { Server } from './server'

declare const FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer }

function readerOf(file: Blob): ReadSlice {
  const read: ReadSlice = (offset, length) => {
    try {
      return new Uint8Array(new FileReaderSync().readAsArrayBuffer(file.slice(offset, offset + length)))
    } catch {
      return null // moved, changed or forbidden since it was chosen
    }
  }
  return readAhead(read, file.size)
}

/** A function that lets messages in before it resolves; setTimeout would take 4 ms each time. */
function macrotasks(): () => Promise<void> {
  const channel = new MessageChannel()
  const waiting: (() => void)[] = []
  channel.port1.onmessage = () => waiting.shift()?.()
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      channel.port2.postMessage(null)
    })
}

const server = new Server({
  post: (message, transfer) => self.postMessage(message, { transfer }),
  readerOf,
  pause: macrotasks(),
})
self.onmessage = (message: MessageEvent<ToWorker>) => void server.receive(message.data)
